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
    private final Connecting connecting;

    private NodeSecurity(Listening listening, Connecting connecting) {
        this.listening = listening;
        this.connecting = connecting;
    }

    /**
     * Mutual TLS.
     *
     * @param identity the certificate of this node, for the address at which others ask it, and its key
     * @param trust whom the certificates of nodes must be from: best an authority that signs those of nodes only
     */
    public static NodeSecurity mutualTls(TlsIdentity identity, TlsTrust trust) {
        ServerTls server = ServerTls.of(identity).withClientsNeeded(trust);
        ClientTls client = ClientTls.DEFAULT.withTrust(trust).withIdentity(identity);
        return new NodeSecurity(
                port -> Tls.listen(EVERYWHERE, port, server), (host, port) -> Tls.connect(host, port, client));
    }

    /**
     * None, for nodes on one machine: they listen at its loopback only, where all programs of this machine can have code
     * run. For simulations too.
     */
    public static NodeSecurity none() {
        return new NodeSecurity(
                port -> Tcp.listen(Heddle.currentLoop().engine().isSimulated() ? EVERYWHERE : LOOPBACK, port),
                Tcp::connect);
    }

    /**
     * None, at an address of this machine: whoever reaches it has code run here. For a network in which nobody else is,
     * such as a tunnel.
     *
     * @param address where to listen, such as {@code "10.8.0.1"}
     */
    public static NodeSecurity none(String address) {
        return new NodeSecurity(port -> Tcp.listen(address, port), Tcp::connect);
    }

    Listener listen(int port) {
        return listening.listen(port);
    }

    ByteStream connect(String host, int port) {
        return connecting.connect(host, port);
    }
}
