package dev.heddle.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Consumer;

/**
 * A server of Netty's on one event loop, by each of its transports. That on io_uring has a ring of provided buffers.
 */
final class NettyServer {

    private static final short RING = 1;
    private static final short RING_BUFFERS = 1024;

    /** How many buffers go back into the ring in one step. */
    private static final int RING_BATCH = 64;

    private NettyServer() {}

    /**
     * @param transport netty-nio, netty-epoll or netty-io_uring
     * @param handlers puts its handlers into the pipeline of a connection
     */
    static EchoMain.Ready start(String transport, Consumer<Channel> handlers) {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, factory(transport));
        ServerBootstrap server = new ServerBootstrap()
                .group(loop)
                .option(ChannelOption.SO_BACKLOG, EchoMain.BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        handlers.accept(channel);
                    }
                });
        switch (transport) {
            case "netty-epoll" -> server.channel(EpollServerSocketChannel.class);
            case "netty-io_uring" -> server.channel(IoUringServerSocketChannel.class)
                    .childOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, RING);
            default -> server.channel(NioServerSocketChannel.class);
        }
        Channel listener = server.bind(InetAddress.getLoopbackAddress(), 0).syncUninterruptibly().channel();
        return new EchoMain.Ready(((InetSocketAddress) listener.localAddress()).getPort(), transport);
    }

    /** TLS by the JDK's engine, for which Netty computes on the event loop; goes before the handlers. */
    static Consumer<Channel> tls() throws IOException, GeneralSecurityException {
        TlsCertificate certificate = TlsCertificate.load();
        SslContext tls = SslContextBuilder.forServer(certificate.key(), certificate.certificate())
                .sslProvider(SslProvider.JDK)
                .protocols(TlsCertificate.PROTOCOL)
                .ciphers(List.of(TlsCertificate.CIPHER_SUITE))
                .build();
        return channel -> channel.pipeline().addLast(tls.newHandler(channel.alloc()));
    }

    private static IoHandlerFactory factory(String transport) {
        return switch (transport) {
            case "netty-epoll" -> EpollIoHandler.newFactory();
            case "netty-io_uring" -> IoUringIoHandler.newFactory(new IoUringIoHandlerConfig()
                    .setBufferRingConfig(IoUringBufferRingConfig.builder()
                            .bufferGroupId(RING)
                            .bufferRingSize(RING_BUFFERS)
                            .batchSize(RING_BATCH)
                            .allocator(new IoUringFixedBufferRingAllocator(EchoMain.BUFFER_BYTES))
                            .build()));
            default -> NioIoHandler.newFactory();
        };
    }
}
