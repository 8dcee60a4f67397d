package dev.heddle.net;

import dev.heddle.CancelledException;
import dev.heddle.LoopLocal;
import dev.heddle.internal.FirstUse;
import dev.heddle.internal.Throwables;
import dev.heddle.net.internal.HostNames;
import dev.heddle.net.internal.HttpsRecords;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The look-up of host names, by the engine of the current loop and off the loop's thread.
 *
 * <p>On a Linux whose files say nothing that it does not know, a {@link Resolver} finds the addresses, without a
 * thread, by {@code /etc/hosts} and {@code /etc/resolv.conf}; it follows them when they change. Elsewhere the system's
 * own resolver does, on threads of its own: where {@code nsswitch.conf} has more than {@code files}, {@code dns} and
 * {@code myhostname}, where another file has a line or an option that is not known here, where the JDK's or the system's
 * resolver was told something by a property or a variable. {@link dev.heddle.Config#withResolver}, the system property
 * {@code heddle.resolver} or {@code HEDDLE_RESOLVER} in the environment, {@code own}, {@code system} or {@code auto},
 * decide otherwise. Which of them it is, and why, is told to the logger {@code dev.heddle.net} as {@code DEBUG}, and
 * seen where the parts of a program are.
 *
 * <p>Each loop remembers names, at most {@link #MAX_REMEMBERED}: what the system's resolver has found for {@link
 * #KEEP_ANSWER}, its failures for {@link #KEEP_FAILURE}, and what a {@link Resolver} has found as long as that says.
 * Tasks that ask for the same name at the same time share one look-up, which goes on if one of them is cancelled.
 */
public final class Dns {

    /** How long an answer of the system's resolver is used again. */
    public static final Duration KEEP_ANSWER = Duration.ofSeconds(30);

    /** How long a failure of the system's resolver is given again. */
    public static final Duration KEEP_FAILURE = Duration.ofSeconds(5);

    /** The names a loop remembers; the one not asked for longest is forgotten. */
    public static final int MAX_REMEMBERED = 1024;

    /** The longest wait for an answer. */
    public static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final LoopLocal<DnsCache> CACHES = LoopLocal.withInitial(DnsCache::new);

    static {
        HttpsRecords.install(Dns::https);
    }

    private Dns() {}

    /**
     * Finds the addresses of a host.
     *
     * <p>Cancellation: a cancelled call leaves at once; the look-up itself goes on for those who share it, and that of
     * the system's resolver for the cache.
     *
     * @param host a name, also an international one, or an address in its text form (an IPv6 one may stand in
     *     brackets), which is only parsed
     * @return the addresses in the order of the system's preference, at least one
     * @throws IllegalArgumentException if the host is neither; nobody is asked then
     * @throws ResolveException if there is no such name, or no answer in time; at the first call of a process also if
     *     it has no descriptors
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static List<InetAddress> resolve(String host) {
        begin(host);
        HostNames.Host read = HostNames.read(host);
        return read.address().map(List::of).orElseGet(() -> {
            String name = read.name();
            return SystemNames.forAddresses(name)
                    .map(resolver -> resolver.resolveName(name))
                    .orElseGet(() -> CACHES.get().resolve(name));
        });
    }

    /**
     * Finds the places where a service is, as {@link Resolver#srv}, by the name servers of {@code resolv.conf}. A
     * simulation has none: use {@link Resolver#of} there.
     */
    public static List<SrvRecord> srv(String name) {
        begin(name);
        return SystemNames.forRecords(name).srv(name);
    }

    /** Finds the texts of a name, as {@link Resolver#txt}, by the name servers of {@code resolv.conf}. */
    public static List<String> txt(String name) {
        begin(name);
        return SystemNames.forRecords(name).txt(name);
    }

    /** Whoever finds the addresses of a name is asked about its HTTPS record too; the system's resolver cannot be. */
    private static Optional<HttpsRecords.Question> https(String host, int port) {
        HostNames.Host read = HostNames.read(host);
        if (read.address().isPresent()) {
            return Optional.empty();
        }
        begin(host);
        return SystemNames.forAddresses(read.name()).flatMap(resolver -> resolver.https(read.name(), port));
    }

    private static void begin(String host) {
        try {
            FirstUse.ADDRESSES.begin();
        } catch (IOException e) {
            throw new ResolveException(host, Throwables.describe(e), e);
        }
    }
}
