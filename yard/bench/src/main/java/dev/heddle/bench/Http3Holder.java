package dev.heddle.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The holder of idle connections of HTTP/3 to a server, each of which has had one page: Netty's client, all through one socket.
 * Used by one thread, which waits in its calls.
 */
final class Http3Holder implements AutoCloseable {

    private static final int WINDOW = 256 * 1024;
    private static final long LIMIT_SECONDS = 20;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final Channel socket;
    private final InetSocketAddress server;
    private int held;

    /** Opens the socket to a server at that port of the loopback address. */
    Http3Holder(int port) throws InterruptedException {
        var tls = QuicSslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .applicationProtocols(Http3.supportedApplicationProtocols())
                .build();
        var codec = Http3.newQuicClientCodecBuilder()
                .sslContext(tls)
                .maxIdleTimeout(Http3Main.IDLE_TIME.toSeconds(), TimeUnit.SECONDS)
                .initialMaxData(WINDOW)
                .initialMaxStreamDataBidirectionalLocal(WINDOW)
                .build();
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        socket = new Bootstrap().group(group)
                .channel(EpollDatagramChannel.class)
                .handler(codec)
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    /** Opens connections until it holds so many. */
    void growTo(int connections) throws Exception {
        for (; held < connections; held++) {
            QuicChannel connection = QuicChannel.newBootstrap(socket)
                    .handler(new Http3ClientConnectionHandler())
                    .remoteAddress(server)
                    .connect()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            var status = new CompletableFuture<String>();
            QuicStreamChannel stream = Http3.newRequestStream(connection, new Page(status)).sync().getNow();
            var head = new DefaultHttp3HeadersFrame();
            head.headers().method("GET").path(Http3Main.SMALL_PATH).authority("localhost").scheme("https");
            stream.writeAndFlush(head).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT).sync();
            String answer = status.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!answer.equals("200")) {
                throw new IllegalStateException("the server answers " + answer);
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The answer is whole when its stream is closed.
    private static final class Page extends Http3RequestStreamInboundHandler {

        private final CompletableFuture<String> whole;
        private String status = "nothing";

        Page(CompletableFuture<String> whole) {
            this.whole = whole;
        }

        @Override
        protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
            status = String.valueOf(frame.headers().status());
        }

        @Override
        protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
            ReferenceCountUtil.release(frame);
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext context) {
            whole.complete(status);
            context.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            whole.completeExceptionally(cause);
        }
    }

    /** Leaves the connections as they are: the server's process ends as well. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
