package dev.heddle.net.internal;

import java.lang.invoke.MethodHandles;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The records of DNS about an https origin (RFC 9460), for the client of HTTP alone: where HTTP/3 is spoken.
 *
 * <p>Threads: tasks.
 */
public final class HttpsRecords {

    /**
     * Where HTTP/3 is spoken.
     *
     * @param host whose addresses are to be asked for; its certificate is still that of the origin
     * @param untilNanos until when that holds, in the time of the loop
     */
    public record Http3(String host, int port, long untilNanos) {}

    /** A question that somebody is there for. */
    @FunctionalInterface
    public interface Question {

        /**
         * Asks, or remembers. Waits, and fails, as a look-up of addresses does.
         *
         * @return empty if HTTP/3 is not offered
         */
        Optional<Http3> ask();
    }

    /** The resolvers of this process: whoever knows whom to ask. */
    @FunctionalInterface
    public interface Source {

        /**
         * The question about an origin. Reads files at times, and asks nobody yet.
         *
         * @return empty if there is none to ask: about an address, a name of this machine, or one that the system's
         *     resolver looks up
         */
        Optional<Question> about(String host, int port);
    }

    private static volatile @Nullable Source installed;

    private HttpsRecords() {}

    /** Has a source be found; called by the class of look-ups. */
    public static void install(Source source) {
        installed = source;
    }

    /** The source of this process. */
    public static Source source() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            lookup.ensureInitialized(lookup.findClass("dev.heddle.net.Dns")); // which this package does not know
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
        return Objects.requireNonNull(installed);
    }
}
