package dev.heddle.net;

import static dev.heddle.internal.Durations.longer;
import static dev.heddle.internal.Durations.shorter;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.TaskGroup;
import dev.heddle.engine.Engine;
import dev.heddle.engine.Transport;
import dev.heddle.engine.WaitSlot;
import dev.heddle.net.ConnectFailedException.Attempt;
import dev.heddle.net.ConnectFailedException.Phase;
import dev.heddle.net.internal.AddressFamilies;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connect to a host that may have many addresses, some of them dead: RFC 8305, "Happy Eyeballs Version 2".
 *
 * <p>The addresses are tried in turn, each with a head start over the next (section 5); a failure ends the head start.
 * The first that answers wins, and the rest are cancelled and closed. Unlike the RFC, both families are looked up in
 * one call, as the system offers it, so no family's answer is waited for separately (section 3).
 *
 * <p>Cancellation: the group owns all attempts, so none outlives the connect; a winner that nobody will get is aborted.
 */
final class HappyEyeballs {

    private final Engine engine;
    private final String host;
    private final int port;
    private final ConnectOptions options;
    private final WaitSlot changed;
    private final List<Attempt> failures = new ArrayList<>();
    private List<InetSocketAddress> addresses = List.of();
    private Phase phase = Phase.RESOLVE;
    private @Nullable Transport winner;

    HappyEyeballs(Engine engine, String host, int port, ConnectOptions options) {
        this.engine = engine;
        this.host = host;
        this.port = port;
        this.options = options;
        this.changed = new WaitSlot("connecting to " + target());
    }

    Transport connect() {
        boolean inTime;
        try {
            inTime = Heddle.moveOnAfter(options.timeout(), this::resolveAndRace);
        } catch (ResolveException e) {
            throw new ConnectFailedException(target(), e);
        } catch (Throwable e) {
            if (winner != null) {
                winner.abort();
            }
            throw e;
        }
        if (winner != null) {
            return winner;
        }
        failures.sort(Comparator.comparingInt(attempt -> addresses.indexOf(attempt.address())));
        String reason = inTime ? "no address answered" : "not connected within " + options.timeout().toMillis() + " ms";
        throw new ConnectFailedException(target(), phase, reason, failures);
    }

    private void resolveAndRace() {
        List<InetAddress> found = Dns.resolve(host);
        List<InetAddress> allowed = found.stream().filter(options.addresses()).toList();
        if (allowed.isEmpty()) {
            throw new AddressRefusedException(host, found);
        }
        phase = Phase.CONNECT;
        List<InetAddress> reachable = allowed.stream().filter(this::isOfFamily).toList();
        if (reachable.isEmpty()) {
            throw new ConnectFailedException(target(), phase, "it has no address of the family of "
                    + AddressText.text(options.localAddress()), List.of());
        }
        addresses = AddressFamilies.interleave(reachable, options.maxAddresses()).stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
        if (addresses.size() == 1) {
            attempt(addresses.getFirst());
        } else {
            Heddle.group(this::race);
        }
    }

    private void race(TaskGroup group) {
        int behind = addresses.size();
        for (InetSocketAddress address : addresses) {
            group.spawn("connect " + AddressText.text(address), () -> attempt(address));
            behind--;
            Heddle.moveOnAfter(headStart(behind), this::awaitChange);
            if (winner != null) {
                break;
            }
        }
        while (winner == null && failures.size() < addresses.size()) {
            awaitChange();
        }
        group.cancel("another address answered first");
    }

    /** The stagger, or less where the time for all would be over before the last address has had its part of it. */
    private Duration headStart(int behind) {
        CancelScope.Body<Duration> remaining = scope -> scope.remaining().orElse(options.timeout());
        Duration left = CancelScope.open(remaining).orElse(Duration.ZERO);
        return shorter(options.stagger(), longer(ConnectOptions.MIN_STAGGER, left.dividedBy(behind + 1)));
    }

    /** Waits until an attempt that began before has ended. */
    private void awaitChange() {
        int before = failures.size();
        while (winner == null && failures.size() == before) {
            changed.await();
        }
    }

    private void attempt(InetSocketAddress address) {
        try {
            win(connect(address));
        } catch (CancelledException e) {
            if (winner == null) {
                failures.add(new Attempt(address, new DeadlineExceededException("no answer in time")));
            }
            throw e;
        } catch (BindException e) {
            var named = new BindException("from " + AddressText.text(options.localAddress()) + ": " + e.getMessage());
            named.initCause(e);
            failures.add(new Attempt(address, named));
        } catch (IOException | RuntimeException e) {
            failures.add(new Attempt(address, e));
        } finally {
            changed.wake();
        }
    }

    private Transport connect(InetSocketAddress address) throws IOException {
        InetSocketAddress local = options.localAddress();
        if (local.equals(ConnectOptions.DEFAULT.localAddress())) {
            return engine.connect(address);
        }
        InetAddress source = local.getAddress().isAnyLocalAddress()
                ? wildcard(address.getAddress())
                : local.getAddress();
        return engine.connect(address, new InetSocketAddress(source, local.getPort()));
    }

    private static InetAddress wildcard(InetAddress peer) throws IOException {
        return InetAddress.getByAddress(new byte[peer.getAddress().length]);
    }

    /** Whether it can be reached from the chosen address. */
    private boolean isOfFamily(InetAddress peer) {
        InetAddress local = options.localAddress().getAddress();
        return local.isAnyLocalAddress() || local.getAddress().length == peer.getAddress().length;
    }

    private void win(Transport transport) {
        if (winner == null) {
            winner = transport;
        } else {
            transport.abort();
        }
    }

    private String target() {
        return AddressText.text(host, port);
    }
}
