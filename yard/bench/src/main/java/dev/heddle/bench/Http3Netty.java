package dev.heddle.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.File;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** The two pages of {@link Http3Main} by Netty's HTTP/3, on one event loop, with the windows that Heddle has. */
final class Http3Netty {

    private static final int STREAMS = 100;
    private static final int STREAM_WINDOW = 256 * 1024;
    private static final int WINDOW = 1024 * 1024;
    private static final int STREAMS_OF_CONTROL = 3;

    private Http3Netty() {}

    /** @param identity the key and the certificates behind it, in PEM */
    static EchoMain.Ready start(File identity) throws InterruptedException {
        var tls = QuicSslContextBuilder.forServer(identity, null, identity)
                .applicationProtocols(Http3.supportedApplicationProtocols())
                .build();
        var codec = Http3.newQuicServerCodecBuilder()
                .sslContext(tls)
                .maxIdleTimeout(Http3Main.IDLE_TIME.toSeconds(), TimeUnit.SECONDS)
                .initialMaxData(WINDOW)
                .initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW)
                .initialMaxStreamsBidirectional(STREAMS)
                .initialMaxStreamsUnidirectional(STREAMS_OF_CONTROL)
                .initialMaxStreamDataUnidirectional(STREAM_WINDOW)
                .tokenHandler(InsecureQuicTokenHandler.INSTANCE)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel channel) {
                        channel.pipeline().addLast(new Http3ServerConnectionHandler(
                                new ChannelInitializer<QuicStreamChannel>() {
                                    @Override
                                    protected void initChannel(QuicStreamChannel stream) {
                                        stream.pipeline().addLast(new Pages());
                                    }
                                }));
                    }
                })
                .build();
        Channel socket = new Bootstrap().group(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
                .channel(EpollDatagramChannel.class)
                .handler(codec)
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        return new EchoMain.Ready(((InetSocketAddress) socket.localAddress()).getPort(), "epoll");
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the stream.
    private static final class Pages extends Http3RequestStreamInboundHandler {

        private static final byte[] SMALL = new byte[Http3Main.SMALL_BYTES];
        private static final byte[] LARGE = new byte[Http3Main.LARGE_BYTES];

        private boolean large;

        @Override
        protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
            CharSequence path = frame.headers().path();
            large = path != null && Http3Main.LARGE_PATH.contentEquals(path);
        }

        @Override
        protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
            ReferenceCountUtil.release(frame);
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext context) {
            byte[] body = large ? LARGE : SMALL;
            Http3HeadersFrame head = new DefaultHttp3HeadersFrame();
            head.headers()
                    .status("200")
                    .add("content-type", Http3Main.TYPE)
                    .add("content-length", Integer.toString(body.length));
            context.write(head);
            context.writeAndFlush(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(body)))
                    .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        }
    }
}
