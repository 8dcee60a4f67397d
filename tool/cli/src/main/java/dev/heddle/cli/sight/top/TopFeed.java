package dev.heddle.cli.sight.top;

import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.sight.Program;
import dev.heddle.cli.sight.ProgramAnswer;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The figures of a program, asked for again and again: after a while, and at once when something else is wanted.
 *
 * <p>Threads: one runs it, any may want something.
 */
final class TopFeed implements Runnable {

    private final Program program;
    private final long everyMillis;
    private final Consumer<Round> told;
    private final Consumer<FailureException> lost;
    private final LinkedBlockingQueue<Map<String, String>> wanted = new LinkedBlockingQueue<>();

    /**
     * A feed that is to be run.
     *
     * @param told gets what the program tells
     * @param lost gets why the program tells no more
     */
    TopFeed(Program program, long everyMillis, Consumer<Round> told, Consumer<FailureException> lost) {
        this.program = program;
        this.everyMillis = everyMillis;
        this.told = told;
        this.lost = lost;
    }

    /** Asks for this from now on. */
    void want(Map<String, String> request) {
        wanted.add(request);
    }

    @Override
    public void run() {
        try {
            Map<String, String> request = wanted.take();
            while (true) {
                try (ProgramAnswer answer = program.ask("top", request)) {
                    told.accept(Round.read(answer));
                }
                Map<String, String> next = wanted.poll(everyMillis, TimeUnit.MILLISECONDS);
                while (next != null) {
                    request = next;
                    next = wanted.poll();
                }
            }
        } catch (FailureException e) {
            lost.accept(e);
        } catch (InterruptedException e) {
            // Nobody wants anything any more.
        }
    }
}
