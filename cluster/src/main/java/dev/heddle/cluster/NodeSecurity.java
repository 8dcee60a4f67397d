package dev.heddle.cluster;

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
 * that of the node that is asked must be for the address at which it is asked.
 */
public final class NodeSecurity {

    private interface Listening {
        Listener listen(String host, int port);
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
                (host, port) -> Tls.listen(host, port, server), (host, port) -> Tls.connect(host, port, client));
    }

    /** None: whoever reaches the port runs code on this machine. For simulations, and where nobody else can. */
    public static NodeSecurity none() {
        return new NodeSecurity(Tcp::listen, Tcp::connect);
    }

    Listener listen(String host, int port) {
        return listening.listen(host, port);
    }

    ByteStream connect(String host, int port) {
        return connecting.connect(host, port);
    }
}
