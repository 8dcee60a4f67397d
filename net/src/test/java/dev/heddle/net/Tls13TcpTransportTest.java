package dev.heddle.net;

final class Tls13TcpTransportTest extends TlsContract {

    Tls13TcpTransportTest() {
        super(TlsVersion.TLS_1_3);
    }

    @Override
    protected MemoryStreams.Pair plain() {
        return tcp();
    }

    static MemoryStreams.Pair tcp() {
        try (Listener listener = Tcp.listen(0)) {
            return new MemoryStreams.Pair(Tcp.connect("127.0.0.1", listener.port()), listener.accept());
        }
    }
}
