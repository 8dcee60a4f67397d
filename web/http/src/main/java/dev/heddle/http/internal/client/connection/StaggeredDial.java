package dev.heddle.http.internal.client.connection;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.TaskGroup;
import dev.heddle.engine.WaitSlot;
import dev.heddle.net.ConnectOptions;
import dev.heddle.net.internal.AddressFamilies;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The attempts by QUIC at the addresses of a host, as {@link dev.heddle.net.Tcp} makes them (RFC 8305): the families in
 * turn, each with a head start over the next, which its failure ends. The first that is ready wins.
 *
 * <p>Cancellation: the group owns all attempts, so none outlives the call.
 */
final class StaggeredDial {

    private static final ConnectOptions AS_TCP = ConnectOptions.DEFAULT;

    private final Function<InetSocketAddress, ClientSession> connect;
    private final Consumer<ClientSession> ready;
    private final List<InetSocketAddress> addresses;
    private final WaitSlot changed;
    private boolean won;
    private int failed;
    private @Nullable RuntimeException failure;

    /**
     * @param found in the resolver's order, at least one
     * @param ready takes the winner, and takes care of it
     */
    StaggeredDial(List<InetAddress> found, int port, Function<InetSocketAddress, ClientSession> connect,
            Consumer<ClientSession> ready) {
        this.connect = connect;
        this.ready = ready;
        this.addresses = AddressFamilies.interleave(found, AS_TCP.maxAddresses()).stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
        this.changed = new WaitSlot("connecting by HTTP/3 to ", addresses);
    }

    /**
     * Waits until an attempt is ready.
     *
     * @throws RuntimeException if all fail: that of the first, and those of the others are suppressed in it
     */
    void run() {
        Heddle.group(this::race);
        if (!won && failure != null) {
            throw failure;
        }
    }

    private void race(TaskGroup group) {
        for (InetSocketAddress address : addresses) {
            group.spawn("HTTP/3 at " + address, () -> attempt(address));
            Heddle.moveOnAfter(AS_TCP.stagger(), () -> awaitMore(failed));
            if (won) {
                break;
            }
        }
        while (!won && failed < addresses.size()) {
            awaitMore(failed);
        }
        group.cancel("another address answered first");
    }

    private void awaitMore(int before) {
        while (!won && failed == before) {
            changed.await();
        }
    }

    private void attempt(InetSocketAddress address) {
        try {
            ClientSession made = connect.apply(address);
            if (won) {
                made.abort();
            } else {
                won = true;
                ready.accept(made);
            }
        } catch (CancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            failed++;
            if (failure == null) {
                failure = e;
            } else {
                failure.addSuppressed(e);
            }
        } finally {
            changed.wake();
        }
    }
}
