package dev.heddle.net;

import dev.heddle.internal.Checks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The options of a connect.
 */
public final class ConnectOptions {

    // First, since the default is checked against it.
    static final Duration MIN_STAGGER = Duration.ofMillis(10);

    /** 30 seconds in all, 250 ms between attempts, 16 addresses, any of them; from where the system chooses. */
    public static final ConnectOptions DEFAULT = new ConnectOptions(
            Duration.ofSeconds(30), Duration.ofMillis(250), 16, address -> true, new InetSocketAddress(0));

    private final Duration timeout;
    private final Duration stagger;
    private final int maxAddresses;
    private final Predicate<InetAddress> addresses;
    private final InetSocketAddress localAddress;

    private ConnectOptions(Duration timeout, Duration stagger, int maxAddresses, Predicate<InetAddress> addresses,
            InetSocketAddress localAddress) {
        Checks.positive("timeout", timeout);
        if (stagger.compareTo(MIN_STAGGER) < 0) {
            throw new IllegalArgumentException("stagger is " + stagger + ", must be at least " + MIN_STAGGER);
        }
        Checks.atLeast("maxAddresses", maxAddresses, 1);
        Objects.requireNonNull(addresses);
        if (localAddress.isUnresolved()) {
            throw new IllegalArgumentException("localAddress is the name " + localAddress.getHostString()
                    + ", must be an address of this machine");
        }
        this.timeout = timeout;
        this.stagger = stagger;
        this.maxAddresses = maxAddresses;
        this.addresses = addresses;
        this.localAddress = localAddress;
    }

    /** The longest time for name look-up and all attempts together; more than zero. */
    public Duration timeout() {
        return timeout;
    }

    /**
     * How long an attempt is given before the next address is tried beside it (RFC 8305 section 5, "Connection Attempt
     * Delay"); at least 10 ms. Less where time is short, so that each address has a part of it.
     */
    public Duration stagger() {
        return stagger;
    }

    /** How many of the host's addresses are tried at most, at least 1. */
    public int maxAddresses() {
        return maxAddresses;
    }

    /** Which addresses may be connected to. */
    public Predicate<InetAddress> addresses() {
        return addresses;
    }

    /** Where connections are made from: the wildcard leaves the address to the system, and 0 the port. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** These options with another timeout. */
    public ConnectOptions withTimeout(Duration timeout) {
        return new ConnectOptions(timeout, stagger, maxAddresses, addresses, localAddress);
    }

    /** These options with another stagger. */
    public ConnectOptions withStagger(Duration stagger) {
        return new ConnectOptions(timeout, stagger, maxAddresses, addresses, localAddress);
    }

    /** These options with another bound of addresses. */
    public ConnectOptions withMaxAddresses(int maxAddresses) {
        return new ConnectOptions(timeout, stagger, maxAddresses, addresses, localAddress);
    }

    /**
     * These options with another choice of addresses. The host is resolved once, and what the choice says no to is as
     * if it had not been answered; no later answer counts, so that who owns the name cannot change it behind the check.
     * If nothing is left, the connect fails with an {@link AddressRefusedException}.
     *
     * @param addresses says which may be connected to; called in the task that connects
     */
    public ConnectOptions withAddresses(Predicate<InetAddress> addresses) {
        return new ConnectOptions(timeout, stagger, maxAddresses, addresses, localAddress);
    }

    /**
     * These options with another place that connections are made from: for a machine with several addresses, or a
     * firewall that lets through certain ports. Addresses of the other family are not tried. An address that is not of
     * this machine, or a port that somebody listens at, is told as a {@link java.net.BindException} in the {@link
     * ConnectFailedException}; so is a port of which there is a connection to the same peer.
     *
     * @param local the wildcard leaves the address to the system, 0 the port: {@code new InetSocketAddress("10.0.0.7",
     *     0)}
     */
    public ConnectOptions withLocalAddress(InetSocketAddress local) {
        return new ConnectOptions(timeout, stagger, maxAddresses, addresses, local);
    }

    @Override
    public String toString() {
        return "ConnectOptions[timeout=" + timeout + ", stagger=" + stagger + ", maxAddresses=" + maxAddresses
                + ", addresses=" + addresses + ", localAddress=" + localAddress + "]";
    }
}
