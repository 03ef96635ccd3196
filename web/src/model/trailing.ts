/**
 * One run at a time, and a wish that comes during a run is never lost: it is granted when that run
 * has ended. However many come, one more run grants them all.
 */
export class Trailing {
  private isRunning = false;
  private isWanted = false;

  constructor(private readonly run: () => Promise<unknown>) {}

  async ask(): Promise<void> {
    this.isWanted = true;
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      while (this.isWanted) {
        this.isWanted = false;
        await this.run();
      }
    } finally {
      this.isRunning = false;
    }
  }
}
