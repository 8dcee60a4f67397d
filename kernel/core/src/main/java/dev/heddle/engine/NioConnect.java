package dev.heddle.engine;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;

/** One attempt to connect. */
final class NioConnect implements NioEngine.NioHandle {

    private final SocketChannel channel;
    private final SocketAddress remote;
    private final SelectionKey key;
    private final NioInterest connected;

    NioConnect(NioEngine engine, SocketChannel channel, SocketAddress remote) throws IOException {
        this.channel = channel;
        this.remote = remote;
        this.connected = new NioInterest(engine.backlog, SelectionKey.OP_CONNECT, "connecting to ", remote);
        if (!(remote instanceof UnixDomainSocketAddress)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        this.key = engine.register(channel, this);
    }

    SelectionKey key() {
        return key;
    }

    /** Waits until connected. */
    void run() throws IOException {
        try {
            if (channel.connect(remote)) {
                return;
            }
        } catch (UnresolvedAddressException e) {
            var unknown = new UnknownHostException("the address has no IP: " + remote);
            unknown.initCause(e);
            throw unknown;
        }
        while (!channel.finishConnect()) {
            connected.await(key);
            connected.used();
        }
        key.interestOps(0);
    }

    @Override
    public void ready(SelectionKey key) {
        connected.happened(key);
    }

    @Override
    public void engineCloses() throws IOException {
        channel.close();
    }
}
