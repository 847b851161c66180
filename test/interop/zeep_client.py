"""An independent client of the contract: zeep, which knows nothing of us but the WSDL that we serve.

Reads one JSON object from stdin:
  {"cert": path, "key": path, "ca": path,
   "services": [{"wsdl": url, "calls": [{"operation": name, "request": {...}}]}]}
and writes one to stdout: for every service the operations of its WSDL, for every call what zeep read:
  {"answer": ...} or {"fault": {"message", "code", "detail": {"name", "fields"}}} or {"error": text}

Bytes are {"$base64": text}, dates {"$date": text}, instants {"$dateTime": text}, in both directions.
"""

import base64
import datetime
import json
import sys

import isodate
import requests
from lxml import etree
from zeep import Client, Settings
from zeep.exceptions import Error, Fault
from zeep.helpers import serialize_object
from zeep.transports import Transport

TIMEOUT_SECONDS = 30


def main():
    plan = json.load(sys.stdin)
    session = requests.Session()
    session.cert = (plan["cert"], plan["key"])
    session.verify = plan["ca"]
    # The environment's proxies and certificate bundles have no say.
    session.trust_env = False
    transport = Transport(session=session, timeout=TIMEOUT_SECONDS, operation_timeout=TIMEOUT_SECONDS)
    json.dump([run_service(service, transport) for service in plan["services"]], sys.stdout)


def run_service(service, transport):
    # strict: an answer that is not what the schema says is an error
    client = Client(service["wsdl"], transport=transport, settings=Settings(strict=True, xml_huge_tree=False))
    return {
        "operations": sorted(client.service._binding._operations),
        "calls": [run_call(client, call) for call in service["calls"]],
    }


def run_call(client, call):
    try:
        answer = client.service[call["operation"]](**from_json(call["request"]))
        return {"answer": to_json(serialize_object(answer, dict))}
    except Fault as fault:
        return {"fault": {"message": fault.message, "code": fault.code, "detail": detail_of(fault)}}
    except (Error, ValueError, TypeError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


def detail_of(fault):
    if fault.detail is None or len(fault.detail) == 0:
        return None
    element = fault.detail[0]
    return {"name": element.tag, "fields": {etree.QName(child).localname: child.text for child in element}}


def from_json(value):
    if isinstance(value, list):
        return [from_json(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "$base64" in value:
        return base64.b64decode(value["$base64"])
    if "$date" in value:
        return isodate.parse_date(value["$date"])
    if "$dateTime" in value:
        return isodate.parse_datetime(value["$dateTime"])
    return {name: from_json(one) for name, one in value.items()}


def to_json(value):
    if isinstance(value, bytes):
        return {"$base64": base64.b64encode(value).decode("ascii")}
    if isinstance(value, datetime.datetime):
        return {"$dateTime": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"$date": value.isoformat()}
    if isinstance(value, list):
        return [to_json(one) for one in value]
    if isinstance(value, dict):
        return {name: to_json(one) for name, one in value.items() if one is not None and one != []}
    return value


main()
