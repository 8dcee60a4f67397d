package dev.heddle.cli;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;

import java.util.function.LongSupplier;

/** The task that keeps the progress bar of a run up to date. */
final class Progress {

    private Progress() {}

    /**
     * Starts the task; it ends with the one that calls. Does nothing without a terminal.
     *
     * @param expected how many there will be in the end, as far as is known; 0 for unknown
     */
    static void show(Tally tally, LongSupplier expected, ConcurrencyGate gate, Screen screen, Terminal terminal) {
        if (terminal.columns() == 0) {
            return;
        }
        spawn("progress", () -> {
            while (true) {
                sleep(ProgressBar.PERIOD);
                tally.tick(currentLoop().nanoTime());
                screen.bar(ProgressBar.line(tally, expected.getAsLong(), gate.running(), terminal.columns()));
            }
        });
    }
}
