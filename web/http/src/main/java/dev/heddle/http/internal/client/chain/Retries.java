package dev.heddle.http.internal.client.chain;

import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.http.client.RetryPolicy;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.CallDeadline;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.RetryBudget;
import dev.heddle.http.internal.syntax.HttpDate;
import dev.heddle.io.TlsException;
import dev.heddle.net.ConnectFailedException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The tries of one hop: whether there is another, and how long to wait before. Owned by the calling task. */
final class Retries {

    private final RetryPolicy policy;
    private final RetryBudget budget;
    private final RequestHop hop;
    private int count;

    Retries(RetryPolicy policy, RetryBudget budget, RequestHop hop) {
        this.policy = policy;
        this.budget = budget;
        this.hop = hop;
    }

    /** How many retries there were. */
    int count() {
        return count;
    }

    /** The wait before another try because of this reply; null if there is none. */
    @Nullable Duration after(ReplyBody reply, CallDeadline deadline) {
        if (reply.isStored() || !policy.statuses().contains(reply.status()) || !mayRepeat(false)) {
            return null;
        }
        Duration asked = retryAfter(reply.headers().first("Retry-After"));
        return asked.compareTo(policy.maxRetryAfter()) > 0 ? null : next(asked, deadline);
    }

    /** The wait before another try because of this failure; null if there is none. */
    @Nullable Duration after(RuntimeException failure, CallDeadline deadline) {
        boolean nothingSent = switch (deadline.phase()) {
            case CREDENTIALS, TURN, POOL, CONNECT, PROXY, TLS -> true;
            case SEND, HEAD, BODY -> false;
        };
        boolean mayPass = GroupException.leaves(failure).stream().allMatch(Retries::mayPass);
        return mayPass && mayRepeat(nothingSent) ? next(Duration.ZERO, deadline) : null;
    }

    private static boolean mayPass(Throwable failure) {
        return switch (failure) {
            case ConnectFailedException e -> e.phase() == ConnectFailedException.Phase.CONNECT;
            case TlsException e -> false;
            case BrokenException e -> true;
            case DeadlineExceededException e -> true;
            default -> false;
        };
    }

    private boolean mayRepeat(boolean nothingSent) {
        return count + 1 < policy.attempts()
                && (hop.mayBeRepeated() || (hop.body().isRepeatable() && (nothingSent || policy.anyMethod())));
    }

    private @Nullable Duration next(Duration asked, CallDeadline deadline) {
        Duration drawn = policy.backoff().delay(count + 1);
        Duration wait = drawn.compareTo(asked) < 0 ? asked : drawn;
        // A failure says more than a deadline that passes while nothing is tried.
        if (wait.compareTo(deadline.left()) >= 0 || !budget.tryTake()) {
            return null;
        }
        count++;
        return wait;
    }

    /** What the field asks for (RFC 9110, section 10.2.3): seconds, or a date; nothing if it is malformed. */
    private static Duration retryAfter(@Nullable String field) {
        if (field == null || field.length() > 40) {
            return Duration.ZERO;
        }
        if (field.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(field));
        }
        var engine = Heddle.currentLoop().engine();
        Instant then = HttpDate.parse(field, engine::now);
        return then == null || then.isBefore(engine.now()) ? Duration.ZERO : Duration.between(engine.now(), then);
    }
}
