package dev.heddle.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The options of a socket of {@link LoopSocketFactory}: all are kept and given back, few do something. */
final class SocketSettings {

    private static final Map<SocketOption<?>, Integer> NUMBERS = Map.of(
            StandardSocketOptions.TCP_NODELAY, SocketOptions.TCP_NODELAY,
            StandardSocketOptions.SO_KEEPALIVE, SocketOptions.SO_KEEPALIVE,
            StandardSocketOptions.SO_LINGER, SocketOptions.SO_LINGER,
            StandardSocketOptions.SO_SNDBUF, SocketOptions.SO_SNDBUF,
            StandardSocketOptions.SO_RCVBUF, SocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_REUSEADDR, SocketOptions.SO_REUSEADDR,
            StandardSocketOptions.IP_TOS, SocketOptions.IP_TOS);

    static final Set<SocketOption<?>> SUPPORTED = NUMBERS.keySet();

    /** What the system would begin with; a library only ever compares or logs it. */
    private static final int BUFFER_BYTES = 64 * 1024;

    /** The JDK's way to say that lingering is off. */
    private static final int NO_LINGER = -1;

    private final Map<Integer, Object> values = new ConcurrentHashMap<>(Map.of(
            SocketOptions.TCP_NODELAY, true,
            SocketOptions.SO_TIMEOUT, 0,
            SocketOptions.SO_LINGER, NO_LINGER,
            SocketOptions.SO_KEEPALIVE, false,
            SocketOptions.SO_SNDBUF, BUFFER_BYTES,
            SocketOptions.SO_RCVBUF, BUFFER_BYTES,
            SocketOptions.SO_REUSEADDR, false,
            SocketOptions.SO_OOBINLINE, false,
            SocketOptions.IP_TOS, 0,
            SocketOptions.SO_BINDADDR, anyAddress()));

    static int number(SocketOption<?> option) {
        Integer number = NUMBERS.get(option);
        if (number == null) {
            throw new UnsupportedOperationException("a socket of Tcp.socketFactory() has no option " + option.name());
        }
        return number;
    }

    /** The longest wait for bytes; 0 for no limit. */
    int timeoutMillis() {
        return (int) values.getOrDefault(SocketOptions.SO_TIMEOUT, 0);
    }

    /** Whether closing throws away what is not sent: linger is on, with a time of zero. */
    boolean dropsUnsent() {
        return Integer.valueOf(0).equals(values.get(SocketOptions.SO_LINGER));
    }

    void set(int option, Object value) throws SocketException {
        get(option);
        if (option == SocketOptions.SO_BINDADDR) {
            throw new SocketException("the bound address cannot be set");
        }
        if (option == SocketOptions.TCP_NODELAY) {
            return;
        }
        // Switching something off that has a number comes as a Boolean: SocketOptions.SO_LINGER.
        values.put(option, option == SocketOptions.SO_LINGER && value instanceof Boolean ? NO_LINGER : value);
    }

    Object get(int option) throws SocketException {
        Object value = values.get(option);
        if (value == null) {
            throw new SocketException("a socket of Tcp.socketFactory() has no option number " + option);
        }
        return value;
    }

    /** The wildcard address. */
    static InetAddress anyAddress() {
        return new InetSocketAddress(0).getAddress();
    }
}
