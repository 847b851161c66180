import type { Clock } from '@brevduva/base';

/** Interactive letters go before all others on this node, not only in the queue: the others begin nothing while one is worked on. */
export interface RightOfWay {
  /** An interactive set is being worked on, until what is given back is called. */
  enter(): () => void;
  /** Waits while one is, but not for long: nothing stands still because faster letters never end. */
  giveWay(): Promise<void>;
}

/** So long at the most for each piece of work. */
const WAIT_MS_MAX = 200;

export function createRightOfWay(clock: Clock): RightOfWay {
  let sets = 0;
  let waiting: (() => void)[] = [];
  return {
    enter() {
      sets += 1;
      return () => {
        sets -= 1;
        if (sets > 0) return;
        for (const go of waiting) go();
        waiting = [];
      };
    },
    async giveWay() {
      if (sets === 0) return;
      const ended = new AbortController();
      const free = new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
      await Promise.race([free, clock.sleep(WAIT_MS_MAX, ended.signal)]);
      ended.abort();
    },
  };
}
