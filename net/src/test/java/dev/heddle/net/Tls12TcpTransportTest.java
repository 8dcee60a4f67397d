package dev.heddle.net;

final class Tls12TcpTransportTest extends Tls12Contract {

    @Override
    protected MemoryStreams.Pair plain() {
        return Tls13TcpTransportTest.tcp();
    }
}
