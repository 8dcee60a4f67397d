package dev.heddle.sim.programs;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.TaskCancelledException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A part of the vocabulary of programs: what some of the verbs do, each time to a real thing and to its model.
 */
abstract class Words {

    final Model model;
    final Things things;
    private final Interpreter interpreter;

    Words(Interpreter interpreter) {
        this.interpreter = interpreter;
        model = interpreter.model;
        things = interpreter.things;
    }

    /**
     * Does a statement, and tells the model of it.
     *
     * @return false if its verb is none of these
     */
    abstract boolean does(Statement it, Frame frame) throws Exception;

    final void block(List<Statement> statements, Frame frame) throws Exception {
        interpreter.block(statements, frame);
    }

    // ---- calls ----

    /** A call that may wait. Its cancel and failures of others come out. */
    final void call(Call call, Callable<?> body) throws Exception {
        model.begin(call);
        try {
            model.end(call, body.call());
        } catch (CancelledException e) {
            model.end(call, Call.CANCELLED);
            throw e;
        } catch (RuntimeException e) {
            Object outcome = known(call.task, e);
            model.end(call, outcome == null ? e : outcome);
            if (outcome == null) {
                throw e;
            }
        }
    }

    /** A call that may wait several times. */
    final void callInParts(Call call, Callable<?> body) throws Exception {
        interpreter.inParts(call, () -> call(call, body));
    }

    /** What a call gives that does not wait. */
    static Object outcome(ModelTask me, Callable<?> body) throws Exception {
        try {
            return body.call();
        } catch (RuntimeException e) {
            Object outcome = known(me, e);
            return outcome == null ? e : outcome;
        }
    }

    /** The outcome that an exception stands for; null for failures of bodies. */
    static @Nullable Object known(ModelTask me, RuntimeException e) {
        if (e instanceof ClosedException || e instanceof BrokenException || e instanceof BusyException) {
            me.refused++;
        }
        return switch (e) {
            case ClosedException closed -> Call.CLOSED;
            case BrokenException broken -> Call.BROKEN;
            case TaskCancelledException cancelled -> Call.TASK_CANCELLED;
            case BusyException busy -> Call.REFUSED;
            case IllegalStateException refused -> Call.REFUSED;
            default -> null;
        };
    }

    static Callable<Object> done(Action body) {
        return () -> {
            body.run();
            return Call.DONE;
        };
    }

    static Object inTime(boolean done) {
        return done ? Call.DONE : Call.TOO_LATE;
    }

    static Object inTime(Optional<?> element) {
        return element.isPresent() ? element.get() : Call.TOO_LATE;
    }

    final long limit(Statement it) {
        return model.time() + it.number();
    }

    static Duration millis(int millis) {
        return Duration.ofMillis(millis);
    }
}
