package dev.heddle.net;

import dev.heddle.HeddleException;
import dev.heddle.internal.Throwables;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a connect: no connection could be made. Tells how far it came and what each tried address answered;
 * the first failure is the cause, the others are suppressed exceptions.
 */
public final class ConnectFailedException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** The phases of a connect. */
    public enum Phase {
        /** The host name has no address, or was not resolved in time. */
        RESOLVE,
        /** Addresses are known, but none of them answered. */
        CONNECT
    }

    /**
     * One address that was tried.
     *
     * @param address the address and port
     * @param failure why it failed
     */
    public record Attempt(InetSocketAddress address, Throwable failure) implements Serializable {

        @Override
        public String toString() {
            return AddressText.text(address) + " " + Throwables.describe(failure);
        }
    }

    private final String target;
    private final Phase phase;
    private final Attempt[] attempts;

    /**
     * A failure to resolve the host.
     *
     * @param target where to: {@code host:port}
     */
    public ConnectFailedException(String target, ResolveException cause) {
        this(target, Phase.RESOLVE, String.valueOf(cause.getMessage()), cause, List.of());
    }

    /** A failure of the whole, with those of the addresses in the order they were tried. */
    ConnectFailedException(String target, Phase phase, String reason, List<Attempt> attempts) {
        this(target, phase, reason + details(attempts), firstFailure(attempts), attempts);
    }

    private ConnectFailedException(
            String target, Phase phase, String reason, @Nullable Throwable cause, List<Attempt> attempts) {
        super("cannot connect to " + target + ": " + reason, cause);
        this.target = target;
        this.phase = phase;
        this.attempts = attempts.toArray(Attempt[]::new);
        attempts.stream().skip(1).map(Attempt::failure).filter(f -> f != getCause()).forEach(this::addSuppressed);
    }

    /** A failure to connect to a Unix socket, which has one address and no name to resolve. */
    static ConnectFailedException unix(Path path, IOException cause) {
        return new ConnectFailedException(
                path.toString(), Phase.CONNECT, Throwables.describe(cause), cause, List.of());
    }

    private static @Nullable Throwable firstFailure(List<Attempt> attempts) {
        return attempts.isEmpty() ? null : attempts.getFirst().failure();
    }

    private static String details(List<Attempt> attempts) {
        return attempts.isEmpty()
                ? ""
                : attempts.stream().map(Attempt::toString).collect(Collectors.joining(", ", " (", ")"));
    }

    /** Where to: {@code host:port}, or the path of a Unix socket. */
    public String target() {
        return target;
    }

    /** How far it came. */
    public Phase phase() {
        return phase;
    }

    /** The Internet addresses tried, in order; empty if none was known. */
    public List<Attempt> attempts() {
        return List.of(attempts);
    }
}
