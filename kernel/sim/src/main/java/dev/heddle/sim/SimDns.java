package dev.heddle.sim;

import dev.heddle.Heddle;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The simulated DNS: names of any case, each with its addresses in the order they are given out. */
final class SimDns {

    private final Map<String, List<InetAddress>> known = new LinkedHashMap<>();
    private Duration delay = Duration.ZERO;

    void put(String name, List<InetAddress> addresses) {
        known.put(key(name), List.copyOf(addresses));
    }

    void remove(String name) {
        known.remove(key(name));
    }

    void answerAfter(Duration time) {
        delay = time;
    }

    /** Looks a name up, after the set delay; an address written out needs no look-up and no time. */
    List<InetAddress> resolve(String host) throws UnknownHostException {
        try {
            return List.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException notAnAddress) {
            // A name, then.
        }
        if (delay.isPositive()) {
            Heddle.sleep(delay);
        }
        List<InetAddress> addresses = known.get(key(host));
        if (addresses == null) {
            throw new UnknownHostException(host + ": no such name in this simulation; known are " + known.keySet());
        }
        return addresses;
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
