package dev.heddle.examples;

import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Schedule;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What examples print when they run in this JVM, and the Python programs that they answer. */
final class Played {

    private static final SimOptions NO_DELAYS = SimOptions.DEFAULT.withLink(LinkOptions.INSTANT);

    /** The order of a loop: who has been ready for longest is next. */
    private static final Schedule USUAL = Schedule.of();

    /** A body that may throw. */
    interface Body {
        void run() throws Exception;
    }

    private Played() {}

    /**
     * What a method of an example prints in simulated time, with tasks in the order of a real loop: the same each time.
     */
    static List<String> simulated(String example, String method, Object... arguments) {
        return simulated(() -> Program.example(example).call(method, arguments));
    }

    /** What a body prints in simulated time. */
    static List<String> simulated(Body body) {
        return Output.of(() -> Sim.run(NO_DELAYS, USUAL, sim -> body.run()));
    }

    /** What the whole example prints, in real time. */
    static List<String> real(String example, Object... arguments) {
        return Output.of(() -> {
            try {
                Program.example(example).call("main", arguments);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    /**
     * The Python program that an example answers: its sleeps are shorter and it prints English, else it is as it was.
     */
    static String python(String example) throws IOException {
        String name = "/seeds/" + example + ".py";
        try (InputStream in = Objects.requireNonNull(Played.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
