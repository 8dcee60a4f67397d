package dev.heddle.cluster;

import dev.heddle.Heddle;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The security of the streams between nodes. Whoever is let in has code run here, so both sides show a certificate, and
 * that of the node that is asked must be for the address at which it is asked. The name of who asks is not in its
 * certificate: all who have one of the trusted signer are nodes.
 */
public final class NodeSecurity {

    private static final String EVERYWHERE = "0.0.0.0";
    private static final String LOOPBACK = "127.0.0.1";

    private interface Listening {
        Listener listen(int port);
    }

    private interface Connecting {
        ByteStream connect(String host, int port);
    }

    private final Listening listening;
    private final UnaryOperator<ByteStream> accepting;
    private final Connecting connecting;

    private NodeSecurity(Listening listening, UnaryOperator<ByteStream> accepting, Connecting connecting) {
        this.listening = listening;
        this.accepting = accepting;
        this.connecting = connecting;
    }

    /**
     * Mutual TLS.
     *
     * @param identity the certificate of this node, for the address at which others ask it, and its key
     * @param trust whom the certificates of nodes must be from: best an authority that signs those of nodes only
     */
    public static NodeSecurity mutualTls(TlsIdentity identity, TlsTrust trust) {
        return mutualTls(() -> identity, trust);
    }

    /**
     * Mutual TLS, with a certificate that is renewed while the node runs: connections that are there keep the one that
     * they have begun with, also when its time is over. A node whose certificate is over gets no new ones, by {@link
     * NodeRefusedException}; half a minute after it has another, at the latest, it does.
     *
     * @param identity gives that of now, for each connection; it does not wait, and gives the same object as long as
     *     nothing has changed. Any task of the node's loop
     * @param trust as in {@link #mutualTls(TlsIdentity, TlsTrust)}
     */
    public static NodeSecurity mutualTls(Supplier<TlsIdentity> identity, TlsTrust trust) {
        var tls = new RenewedTls(identity, trust);
        return new NodeSecurity(
                port -> Tcp.listen(EVERYWHERE, port),
                stream -> Tls.upgradeServer(stream, tls.now().server),
                (host, port) -> Tls.connect(host, port, tls.now().client));
    }

    /** Both sides of TLS, made anew when the identity is another. */
    private static final class RenewedTls {

        private record Sides(TlsIdentity identity, ServerTls server, ClientTls client) {}

        private final Supplier<TlsIdentity> identity;
        private final TlsTrust trust;
        private volatile Sides last;

        private RenewedTls(Supplier<TlsIdentity> identity, TlsTrust trust) {
            this.identity = identity;
            this.trust = trust;
            last = sides(identity.get());
        }

        private Sides sides(TlsIdentity of) {
            return new Sides(of, ServerTls.of(of).withClientsNeeded(trust),
                    ClientTls.DEFAULT.withTrust(trust).withIdentity(of));
        }

        private Sides now() {
            TlsIdentity current = identity.get();
            Sides sides = last;
            if (sides.identity != current) {
                sides = sides(current);
                last = sides;
            }
            return sides;
        }
    }

    /**
     * None, for nodes on one machine: they listen at its loopback only, where all programs of this machine can have code
     * run. For simulations too.
     */
    public static NodeSecurity none() {
        return new NodeSecurity(
                port -> Tcp.listen(Heddle.currentLoop().engine().isSimulated() ? EVERYWHERE : LOOPBACK, port),
                UnaryOperator.identity(), Tcp::connect);
    }

    /**
     * None, at an address of this machine: whoever reaches it has code run here. For a network in which nobody else is,
     * such as a tunnel.
     *
     * @param address where to listen, such as {@code "10.8.0.1"}
     */
    public static NodeSecurity none(String address) {
        return new NodeSecurity(port -> Tcp.listen(address, port), UnaryOperator.identity(), Tcp::connect);
    }

    Listener listen(int port) {
        return listening.listen(port);
    }

    /** Secures a connection that the listener has accepted; waits until both sides have agreed. */
    ByteStream accept(ByteStream plain) {
        return accepting.apply(plain);
    }

    ByteStream connect(String host, int port) {
        return connecting.connect(host, port);
    }
}
