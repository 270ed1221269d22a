/** One alarm: the pause after typing, or the wait before another try, longer each time. */
import type { Ports } from './session-state';

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

export class Alarm {
  private readonly ports: Pick<Ports, 'setTimer' | 'clearTimer'>;
  private readonly act: () => void;
  private timer: unknown = null;
  private wait = FIRST_WAIT;

  constructor(ports: Pick<Ports, 'setTimer' | 'clearTimer'>, act: () => void) {
    this.ports = ports;
    this.act = act;
  }

  set(ms: number): void {
    this.cancel();
    this.timer = this.ports.setTimer(() => {
      this.timer = null;
      this.act();
    }, ms);
  }

  setAgain(seconds: number | null): void {
    this.set(seconds === null ? this.wait : seconds * 1000);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  calm(): void {
    this.wait = FIRST_WAIT;
  }

  cancel(): void {
    if (this.timer !== null) this.ports.clearTimer(this.timer);
    this.timer = null;
  }
}
