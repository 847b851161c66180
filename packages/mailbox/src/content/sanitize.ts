import sanitizeHtml from 'sanitize-html';

/** What a letter may be made of: text, lists, tables, images that came inside it, and links that say where they go. */
const TAGS = [
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'div', 'section', 'article', 'header', 'footer', 'address', 'hr', 'br'],
  ...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'blockquote', 'pre', 'figure', 'figcaption'],
  ...['a', 'abbr', 'b', 'cite', 'code', 'em', 'i', 'kbd', 'mark', 'q', 's', 'small', 'span', 'strong', 'sub', 'sup'],
  ...['time', 'u', 'wbr', 'img'],
  ...['table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'],
];

const LENGTH = /^\d{1,4}(\.\d{1,3})?(px|pt|em|rem|%|mm|cm)?$/;
const LENGTHS = /^(\d{1,4}(\.\d{1,3})?(px|pt|em|rem|%|mm|cm)?)( \d{1,4}(\.\d{1,3})?(px|pt|em|rem|%|mm|cm)?){0,3}$/;
const COLOR = /^(#[0-9a-f]{3,8}|rgb\([\d ,.%]{1,40}\)|[a-z]{3,20})$/i;
const BORDER = /^(\d{1,2}px )?(solid|dashed|dotted|double|none)( (#[0-9a-f]{3,8}|[a-z]{3,20}))?$/i;

/** Nothing here can fetch, overlay or hide: no url(), no position, no expression, no custom property. */
const STYLES = {
  '*': {
    color: [COLOR],
    'background-color': [COLOR],
    'text-align': [/^(left|right|center|justify|start|end)$/],
    'text-decoration': [/^(underline|none|line-through)$/],
    'font-weight': [/^(normal|bold|[1-9]00)$/],
    'font-style': [/^(normal|italic)$/],
    'font-size': [LENGTH],
    'line-height': [LENGTH],
    'vertical-align': [/^(top|middle|bottom|baseline)$/],
    'white-space': [/^(normal|nowrap|pre|pre-wrap|pre-line)$/],
    width: [LENGTH],
    'max-width': [LENGTH],
    margin: [LENGTHS],
    'margin-top': [LENGTH],
    'margin-bottom': [LENGTH],
    padding: [LENGTHS],
    border: [BORDER],
    'border-bottom': [BORDER],
    'border-top': [BORDER],
    'border-collapse': [/^(collapse|separate)$/],
  },
};

/** Pixel formats only: an SVG is a document of its own and may carry script. */
const INLINE_IMAGE = /^data:image\/(png|jpeg|gif|webp);base64,[a-z0-9+/=\s]+$/i;

/**
 * Makes a letter's HTML fit to show: only known elements, attributes and styles are left.
 * Sender and operator refuse active HTML before this (protocol's checkMessageHtml); this is the second wall, and
 * the frame without scripts that shows it is the third (web/frame.ts).
 */
export function sanitizeLetterHtml(html: string): string {
  return sanitizeHtml(html, {
    allowedTags: TAGS,
    allowedAttributes: {
      '*': ['style', 'lang', 'dir', 'title'],
      a: ['href', 'target', 'rel'],
      img: ['src', 'alt', 'width', 'height'],
      ol: ['start', 'type', 'reversed'],
      td: ['colspan', 'rowspan', 'headers'],
      th: ['colspan', 'rowspan', 'scope', 'abbr'],
      col: ['span'],
      colgroup: ['span'],
      time: ['datetime'],
    },
    allowedStyles: STYLES,
    allowedSchemes: ['https', 'http', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['data'] },
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard',
    nonTextTags: [
      'script',
      'style',
      'textarea',
      'option',
      'noscript',
      'title',
      'template',
      'xmp',
      'noembed',
      'noframes',
    ],
    nestingLimit: NESTING_MAX,
    exclusiveFilter: (frame) => frame.tag === 'img' && !INLINE_IMAGE.test(frame.attribs['src'] ?? ''),
    transformTags: {
      a: (tagName, attribs) => ({
        tagName,
        attribs: { ...attribs, target: '_blank', rel: 'noopener noreferrer nofollow' },
      }),
    },
  });
}

/** Deeper than any letter; keeps a hostile one from costing the reader's browser. */
const NESTING_MAX = 60;
