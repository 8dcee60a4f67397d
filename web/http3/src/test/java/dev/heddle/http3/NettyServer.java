package dev.heddle.http3;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;

/** Netty's server of HTTP/3: answers with the method, the path and the body that came, and to WebSockets. Its calls wait. */
final class NettyServer implements AutoCloseable {

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel socket;

    NettyServer(PrivateKey key, X509Certificate... chain) throws Exception {
        QuicSslContext tls = QuicSslContextBuilder.forServer(key, null, chain)
                .applicationProtocols(Http3.supportedApplicationProtocols())
                .build();
        var codec = Http3.newQuicServerCodecBuilder()
                .sslContext(tls)
                .maxIdleTimeout(30_000, TimeUnit.MILLISECONDS)
                .initialMaxData(10_000_000)
                .initialMaxStreamDataBidirectionalRemote(1_000_000)
                .initialMaxStreamsBidirectional(100)
                .tokenHandler(InsecureQuicTokenHandler.INSTANCE) // asks each client to come back with a token
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel channel) {
                        var settings = new DefaultHttp3SettingsFrame(new Http3Settings().enableConnectProtocol(true));
                        channel.pipeline().addLast(new Http3ServerConnectionHandler(
                                new ChannelInitializer<QuicStreamChannel>() {
                                    @Override
                                    protected void initChannel(QuicStreamChannel stream) {
                                        stream.pipeline().addLast(new Echo());
                                    }
                                }, null, null, settings, true));
                    }
                })
                .build();
        socket = new Bootstrap().group(group)
                .channel(NioDatagramChannel.class)
                .handler(codec)
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) socket.localAddress()).getPort();
    }

    private static final class Echo extends Http3RequestStreamInboundHandler {

        private final ByteBuf body = Unpooled.buffer();
        private String line = "";
        private boolean tunnel;

        @Override
        protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
            if (line.isEmpty()) {
                line = frame.headers().method() + " " + frame.headers().path() + " ";
                if (frame.headers().contains(":protocol")) {
                    begin(context, frame.headers().get(":protocol") + "");
                }
            }
        }

        /** Opens a tunnel, and says in a frame of a WebSocket what it was asked for. */
        private void begin(ChannelHandlerContext context, String protocol) {
            Http3HeadersFrame head = new DefaultHttp3HeadersFrame();
            head.headers().status("200");
            context.write(head);
            byte[] text = (line + protocol).getBytes(StandardCharsets.UTF_8);
            ByteBuf frame = Unpooled.buffer().writeByte(0x81).writeByte(text.length).writeBytes(text);
            context.writeAndFlush(new DefaultHttp3DataFrame(frame));
            tunnel = true;
        }

        @Override
        protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
            if (tunnel && (frame.content().getByte(0) & 0xf) == 8) {
                // A close, with its mask.
                ByteBuf close = Unpooled.buffer().writeByte(0x88).writeByte(0);
                context.writeAndFlush(new DefaultHttp3DataFrame(close)).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
            }
            body.writeBytes(frame.content());
            frame.release();
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext context) {
            if (tunnel) {
                return;
            }
            Http3HeadersFrame head = new DefaultHttp3HeadersFrame();
            head.headers().status("200").add("server", "netty").add("content-type", "text/plain");
            context.write(head);
            context.write(new DefaultHttp3DataFrame(
                    Unpooled.wrappedBuffer(line.getBytes(StandardCharsets.UTF_8))));
            context.writeAndFlush(new DefaultHttp3DataFrame(body)).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        }
    }

    @Override
    public void close() {
        socket.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
