package dev.heddle.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
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

/** Netty's echo server on one event loop, by each of its transports. That on io_uring has a ring of provided buffers. */
final class EchoNetty {

    private static final short RING = 1;
    private static final short RING_BUFFERS = 1024;

    /** How many buffers go back into the ring in one step. */
    private static final int RING_BATCH = 64;

    private EchoNetty() {}

    /**
     * @param kind netty- and the name of the transport
     */
    static EchoMain.Ready start(String kind) {
        return start(kind, channel -> {});
    }

    /**
     * With TLS by the JDK's engine, for which Netty computes on the event loop.
     *
     * @param kind netty-, the name of the transport and that ending
     */
    static EchoMain.Ready startTls(String kind) throws IOException, GeneralSecurityException {
        TlsCertificate certificate = TlsCertificate.load();
        SslContext tls = SslContextBuilder.forServer(certificate.key(), certificate.certificate())
                .sslProvider(SslProvider.JDK)
                .protocols(TlsCertificate.PROTOCOL)
                .ciphers(List.of(TlsCertificate.CIPHER_SUITE))
                .build();
        return start(
                kind.substring(0, kind.length() - EchoMain.TLS.length()),
                channel -> channel.pipeline().addLast(tls.newHandler(channel.alloc())));
    }

    private static EchoMain.Ready start(String kind, Consumer<Channel> before) {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, factory(kind));
        ServerBootstrap server = new ServerBootstrap()
                .group(loop)
                .option(ChannelOption.SO_BACKLOG, EchoMain.BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        before.accept(channel);
                        channel.pipeline().addLast(new Echo());
                    }
                });
        switch (kind) {
            case "netty-epoll" -> server.channel(EpollServerSocketChannel.class);
            case "netty-io_uring" -> server.channel(IoUringServerSocketChannel.class)
                    .childOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, RING);
            default -> server.channel(NioServerSocketChannel.class);
        }
        Channel listener = server.bind(InetAddress.getLoopbackAddress(), 0).syncUninterruptibly().channel();
        return new EchoMain.Ready(((InetSocketAddress) listener.localAddress()).getPort(), kind);
    }

    private static IoHandlerFactory factory(String kind) {
        return switch (kind) {
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

    /** Writes each piece, and flushes once for all that came in one turn. A write that fails comes to exceptionCaught. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
