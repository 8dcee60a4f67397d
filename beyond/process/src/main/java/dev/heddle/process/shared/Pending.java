package dev.heddle.process.shared;

import dev.heddle.CancelledException;
import dev.heddle.Waiter;
import dev.heddle.process.internal.Shielded;
import dev.heddle.process.internal.codec.Answer;
import dev.heddle.process.internal.codec.MessageKind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One call that waits for its answer.
 *
 * <pre>
 *   WAITING ──answer──▶ done
 *      └─ cancel ──▶ CANCELLING ──answer: it had no effect──▶ CancelledException
 *                              └──any other answer──▶ done
 * </pre>
 *
 * <p>Threads: one awaits, another completes.
 */
final class Pending {

    private final Object waitingFor;
    private volatile Waiter waiter;
    private volatile @Nullable Answer answer;

    Pending(Object waitingFor) {
        this.waitingFor = waitingFor;
        this.waiter = new Waiter(waitingFor);
    }

    void complete(Answer how) {
        answer = how;
        waiter.complete();
    }

    /**
     * Waits for the answer.
     *
     * @param cancel asks for a quick one; null if it will be quick anyway, so that a cancel need not be told
     */
    Answer await(@Nullable Runnable cancel) {
        try {
            waiter.await();
        } catch (CancelledException e) {
            if (cancel != null) {
                cancel.run();
            }
            Answer late = Shielded.get(this::awaitAgain);
            if (cancel != null && late.kind() == MessageKind.CANCELLED) {
                throw e;
            }
        }
        return answer();
    }

    private Answer answer() {
        return Objects.requireNonNull(answer);
    }

    private Answer awaitAgain() {
        var again = new Waiter(waitingFor);
        waiter = again;
        if (answer == null) {
            again.await();
        }
        return answer();
    }
}
