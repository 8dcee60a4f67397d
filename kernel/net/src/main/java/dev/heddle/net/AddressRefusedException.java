package dev.heddle.net;

import dev.heddle.HeddleException;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The failure of a connect whose host has only addresses that must not be connected to: see {@link
 * ConnectOptions#withAddresses}. Nothing was sent to any of them. The message names them, which is for the log of this
 * side and not for who has chosen the host.
 */
public final class AddressRefusedException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** Most addresses in a message: a name server may send any number. */
    private static final int MAX_NAMED = 8;

    private final String host;
    private final InetAddress[] addresses;

    /**
     * @param host the name or address that was to be connected to
     * @param addresses what it was resolved to
     */
    public AddressRefusedException(String host, List<InetAddress> addresses) {
        super("must not connect to " + host + addresses.stream()
                .limit(MAX_NAMED)
                .map(InetAddress::getHostAddress)
                .collect(Collectors.joining(", ", " (", addresses.size() > MAX_NAMED ? ", ...)" : ")")));
        this.host = host;
        this.addresses = addresses.toArray(InetAddress[]::new);
    }

    /** The name or address that was to be connected to. */
    public String host() {
        return host;
    }

    /** What it was resolved to. */
    public List<InetAddress> addresses() {
        return List.of(addresses);
    }
}
