package dev.heddle.net;

final class Tls12MemoryTransportTest extends Tls12Contract {

    @Override
    protected MemoryStreams.Pair plain() {
        return MemoryStreams.pair();
    }

    @Override
    public int moreThanBuffered() {
        return 1024 * 1024;
    }
}
