package dev.heddle.bench;

import dev.heddle.cli.sight.Program;
import dev.heddle.cli.sight.ProgramAnswer;
import dev.heddle.cli.sight.Programs;
import java.util.Map;

/** A watcher that asks a program each second for the same, as {@code heddle top} does, and reads all of the answer. */
final class WatchMain {

    private static final long EVERY_MILLIS = 1_000;

    private WatchMain() {}

    /** Takes the number of the process, and what it is asked for. */
    public static void main(String[] args) throws InterruptedException {
        Program program = Programs.find(Long.parseLong(args[0]));
        while (true) {
            try (ProgramAnswer answer = program.ask(args[1], Map.of())) {
                while (answer.next() != null) {
                    // Reading is all that is to be done.
                }
            }
            Thread.sleep(EVERY_MILLIS);
        }
    }
}
