package dev.heddle.sim.programs;

import dev.heddle.Backoff;
import dev.heddle.RestartPolicy;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskFailedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The model of a supervisor: a task that waits for a body to end, waits a little, and begins it again, until it is done
 * or has failed too often. What can be seen of it is when it begins the body, and how it ends.
 *
 * <pre>
 *   waits for its body ──▶ failed ──after the back-off──▶ waits for its body
 *                     └──▶ done, or failed too often ──at once──▶ ended
 * </pre>
 */
final class ModelSupervision extends Call {

    private static final Duration WITHIN = Duration.ofMillis(5);
    private static final Duration FIRST_DELAY = Duration.ofMillis(1);
    private static final Duration MAX_DELAY = Duration.ofMillis(4);

    private final Model model;
    private final RestartPolicy policy;

    /** When the restarts that still count were, in nanoseconds. */
    private final Deque<Long> restarts = new ArrayDeque<>();

    private int inRow;

    /** The task that the body runs in, or ran in last. */
    private @Nullable ModelTask attempt;

    private int attempts;

    /** When that task ended, in nanoseconds. */
    private long endedAt;

    /** What becomes of it when the attempt has ended; null as long as nobody has asked. */
    private @Nullable Next next;

    /** When it begins the body again, in milliseconds. */
    private long due;

    private enum Next {
        BEGINS_AGAIN,
        IS_DONE,
        FAILS
    }

    /** @param number says how often it may begin again, and whether it does though the body was done */
    ModelSupervision(Model model, ModelTask task, int number) {
        super(task, "the supervisor", ModelScope.NEVER);
        this.model = model;
        policy = RestartPolicy.DEFAULT.withAlways(number > 4).withMaxRestarts(number % 3, WITHIN)
                .withBackoff(new Backoff(FIRST_DELAY, MAX_DELAY, 0));
    }

    RestartPolicy policy() {
        return policy;
    }

    /** The body begins; gives the model of its task. */
    ModelTask begin() {
        if (attempt == null) {
            model.started(task);
            model.waits(this);
        } else {
            model.step(task, "begins again");
            becomes(Next.BEGINS_AGAIN, attempt);
            model.result("the back-off of " + task, due, model.time());
            model.happened(Sometimes.SUPERVISED_BODY_RAN_AGAIN);
        }
        next = null;
        attempt = model.spawn(task + "." + ++attempts, task, null, false);
        return attempt;
    }

    /** The task of the body has ended, and this may not have heard of it yet. */
    void attemptEnded() {
        endedAt = model.nanos();
    }

    /** The supervisor has ended, and with it what it owns. */
    void ended(ModelTask.State end, @Nullable Throwable failure) {
        model.step(task, "ends: " + end);
        model.ended(this, end, failure);
        if (attempt == null) {
            return;
        }
        if (end == ModelTask.State.CANCELLED) {
            attempt.seen = true; // or it had not heard of its failure yet, which cannot be told apart
            model.happened(Sometimes.CANCEL_MET_A_SUPERVISOR);
        } else if (end == ModelTask.State.SUCCEEDED) {
            becomes(Next.IS_DONE, attempt);
            model.happened(Sometimes.SUPERVISED_BODY_WAS_DONE);
        } else {
            becomes(Next.FAILS, attempt);
            boolean told = failure instanceof TaskFailedException && (attempt.end == ModelTask.State.CANCELLED
                    ? failure.getCause() instanceof TaskCancelledException
                    : failure.getCause() == attempt.failure);
            model.result("the cause of " + task + "'s failure", true, told);
            model.happened(Sometimes.SUPERVISOR_GAVE_UP);
        }
    }

    private void becomes(Next what, ModelTask ended) {
        model.result(task.toString(), what, next(ended));
        ended.seen = true;
    }

    /** What follows the end of an attempt, by the policy. */
    private Next next(ModelTask ended) {
        if (next != null) {
            return next;
        }
        if (ended.end == ModelTask.State.SUCCEEDED && !policy.always()) {
            next = Next.IS_DONE;
            return next;
        }
        restarts.removeIf(each -> each < endedAt - WITHIN.toNanos());
        if (restarts.size() >= policy.maxRestarts()) {
            next = Next.FAILS;
            return next;
        }
        if (restarts.isEmpty()) {
            inRow = 0;
        }
        restarts.add(endedAt);
        long delay = Math.min(MAX_DELAY.toNanos(), FIRST_DELAY.toNanos() << inRow++);
        due = TimeUnit.NANOSECONDS.toMillis(endedAt + delay);
        next = Next.BEGINS_AGAIN;
        return next;
    }

    @Override
    @Nullable Object ready() {
        return null;
    }

    /** As long as its body runs. */
    @Override
    boolean isHeldUp() {
        return attempt != null && !attempt.hasEnded();
    }

    @Override
    boolean isDue(long now) {
        return attempt != null && (next(attempt) != Next.BEGINS_AGAIN || now >= due);
    }
}
