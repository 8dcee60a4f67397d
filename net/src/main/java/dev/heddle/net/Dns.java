package dev.heddle.net;

import dev.heddle.CancelledException;
import dev.heddle.LoopLocal;
import java.net.IDN;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The look-up of host names, by the engine of the current loop and off the loop's thread.
 *
 * <p>Each loop remembers answers for {@link #KEEP_ANSWER} and failures for {@link #KEEP_FAILURE}, at most {@link
 * #MAX_REMEMBERED} of them. Tasks that ask for the same name at the same time share one look-up, which goes on if one
 * of them is cancelled.
 */
public final class Dns {

    /** How long an answer is used again. */
    public static final Duration KEEP_ANSWER = Duration.ofSeconds(30);

    /** How long a failure is given again. */
    public static final Duration KEEP_FAILURE = Duration.ofSeconds(5);

    /** The names a loop remembers; the one not asked for longest is forgotten. */
    public static final int MAX_REMEMBERED = 1024;

    /** The longest wait for an answer. */
    public static final Duration DEADLINE = Duration.ofSeconds(30);

    /** The longest name in its text form, a dot at the end counted (RFC 1035 section 2.3.4). */
    private static final int MAX_NAME_CHARS = 254;

    private static final LoopLocal<DnsCache> CACHES = LoopLocal.withInitial(DnsCache::new);

    private Dns() {}

    /**
     * Finds the addresses of a host.
     *
     * <p>Cancellation: a cancelled call leaves at once; the look-up itself goes on for those who share it, and for the
     * cache.
     *
     * @param host a name, also an international one, or an address in its text form (an IPv6 one may stand in
     *     brackets), which is only parsed
     * @return the addresses in the order of the system's preference, at least one
     * @throws IllegalArgumentException if the host is empty or no name can be written like it
     * @throws ResolveException if there is no such name, or no answer in time
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static List<InetAddress> resolve(String host) {
        String name = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        checkName(name);
        if (mayBeLiteral(name)) {
            try {
                return List.of(InetAddress.ofLiteral(name));
            } catch (IllegalArgumentException e) {
                // A name that only looks like an address, such as 1.2.3.example.
            }
        }
        return CACHES.get().resolve(ascii(name));
    }

    /** The form that name servers know, in lower case: names have no case. */
    private static String ascii(String name) {
        if (name.length() > MAX_NAME_CHARS) {
            throw new ResolveException(name.substring(0, MAX_NAME_CHARS), "the name is too long", null);
        }
        return IDN.toASCII(name).toLowerCase(Locale.ROOT);
    }

    private static void checkName(String name) {
        if (name.isEmpty()) {
            // The JDK takes it for the loopback address, which nobody means.
            throw new IllegalArgumentException("the host is empty");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c == 0x7F || c == '/') {
                throw new IllegalArgumentException("the host has a character no name has, at index " + i);
            }
        }
    }

    private static boolean mayBeLiteral(String name) {
        return name.indexOf(':') >= 0 || Character.digit(name.charAt(0), 10) >= 0;
    }
}
