package dev.heddle.http.server;

import dev.heddle.Action;
import dev.heddle.http.internal.middleware.LogText;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.time.Duration;
import java.util.Objects;

/**
 * A check of something that a server needs to be ready: see {@link HttpServer.Builder#readiness}.
 *
 * <pre>{@code
 * builder.readiness("/readyz", HealthCheck.of("database", () -> database.ping()))
 * }</pre>
 *
 * <p>Threads: the body runs in a task of the loop that is asked, and is cancelled at its deadline.
 *
 * <p>To test one, run its body.
 */
public final class HealthCheck {

    private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(2);

    private final String name;
    private final Duration deadline;
    private final Action body;

    private HealthCheck(String name, Duration deadline, Action body) {
        Objects.requireNonNull(body);
        if (!deadline.isPositive()) {
            throw new IllegalArgumentException("deadline is " + deadline + ", must be more than zero");
        }
        if (!LogText.escaped(name).equals(name) || name.isEmpty()) {
            throw new IllegalArgumentException(
                    "the name of a check is a few plain words: " + FieldSyntax.printable(name));
        }
        this.name = name;
        this.deadline = deadline;
        this.body = body;
    }

    /** What peers see of it: a few plain words. */
    public String name() {
        return name;
    }

    /** How long it may take. */
    public Duration deadline() {
        return deadline;
    }

    /** Returns if all is well, and throws if not. */
    public Action body() {
        return body;
    }

    /** A check that may take two seconds. */
    public static HealthCheck of(String name, Action body) {
        return new HealthCheck(name, DEFAULT_DEADLINE, body);
    }

    /** This check with another deadline. */
    public HealthCheck withDeadline(Duration deadline) {
        return new HealthCheck(name, deadline, body);
    }

    @Override
    public String toString() {
        return "HealthCheck[name=" + name + ", deadline=" + deadline + ", body=" + body + "]";
    }
}
