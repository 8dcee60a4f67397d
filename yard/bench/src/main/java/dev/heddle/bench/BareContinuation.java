package dev.heddle.bench;

import java.util.function.Consumer;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/** The floor of generators and coroutines: the JDK's continuations and nothing around them. */
final class BareContinuation {

    private static final ContinuationScope SCOPE = new ContinuationScope("bench");

    private Integer passed = 0;

    private BareContinuation() {}

    /** Takes the numbers below a limit from a continuation that counts, one switch there and one back for each. */
    static void generate(int limit, Consumer<Integer> consumer) {
        BareContinuation generator = new BareContinuation();
        Continuation body = new Continuation(SCOPE, () -> {
            for (int i = 0; i < limit; i++) {
                generator.passed = i;
                Continuation.yield(SCOPE);
            }
        });
        for (int i = 0; i < limit; i++) {
            body.run();
            consumer.accept(generator.passed);
        }
    }

    /** Gives the numbers below a limit to a continuation that consumes them. */
    static void send(int limit, Consumer<Integer> consumer) {
        BareContinuation generator = new BareContinuation();
        Continuation body = new Continuation(SCOPE, () -> {
            while (true) {
                Continuation.yield(SCOPE);
                consumer.accept(generator.passed);
            }
        });
        body.run();
        for (int i = 0; i < limit; i++) {
            generator.passed = i;
            body.run();
        }
    }

    /** Runs two continuations by turns. */
    static void alternate(int switches, Runnable step) {
        Runnable body = () -> {
            for (int i = 0; i < switches / 2; i++) {
                step.run();
                Continuation.yield(SCOPE);
            }
        };
        Continuation first = new Continuation(SCOPE, body);
        Continuation second = new Continuation(SCOPE, body);
        // A last run of each ends its body.
        for (int i = 0; i <= switches / 2; i++) {
            first.run();
            second.run();
        }
    }
}
