package dev.heddle.http3;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
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
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Netty's client of HTTP/3, a second implementation. Its calls wait: on threads of their own, {@code offload}. */
final class NettyClient implements AutoCloseable {

    /** What came back. */
    record Answer(String status, Map<String, String> fields, byte[] body, Map<String, String> trailers) {

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel socket;
    private final QuicChannel connection;
    private final int port;

    NettyClient(int port) throws Exception {
        this.port = port;
        var tls = QuicSslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .applicationProtocols(Http3.supportedApplicationProtocols())
                .build();
        var codec = Http3.newQuicClientCodecBuilder()
                .sslContext(tls)
                .maxIdleTimeout(30_000, TimeUnit.MILLISECONDS)
                .initialMaxData(10_000_000)
                .initialMaxStreamDataBidirectionalLocal(1_000_000)
                .build();
        socket = new Bootstrap().group(group).channel(NioDatagramChannel.class).handler(codec).bind(0).sync().channel();
        connection = QuicChannel.newBootstrap(socket)
                .handler(new Http3ClientConnectionHandler())
                .remoteAddress(new InetSocketAddress("127.0.0.1", port))
                .connect()
                .get(10, TimeUnit.SECONDS);
    }

    Answer get(String path) throws Exception {
        return begin("GET", path, null).get(20, TimeUnit.SECONDS);
    }

    Answer post(String path, byte[] body) throws Exception {
        return begin("POST", path, body).get(60, TimeUnit.SECONDS);
    }

    CompletableFuture<Answer> begin(String method, String path, byte[] body) throws Exception {
        var answer = new CompletableFuture<Answer>();
        QuicStreamChannel stream = Http3.newRequestStream(connection, new Reader(answer)).sync().getNow();
        Http3HeadersFrame head = new DefaultHttp3HeadersFrame();
        head.headers().method(method).path(path).authority("127.0.0.1:" + port).scheme("https");
        head.headers().add("user-agent", "netty").add("cookie", "a=1").add("cookie", "b=2");
        if (body == null) {
            stream.writeAndFlush(head).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        } else {
            stream.write(head);
            for (int at = 0; at < body.length; at += 10_000) {
                ByteBuf piece = Unpooled.wrappedBuffer(body, at, Math.min(10_000, body.length - at));
                var written = stream.writeAndFlush(new DefaultHttp3DataFrame(piece));
                if (at + 10_000 >= body.length) {
                    written.addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
                }
            }
        }
        return answer;
    }

    /** Asks for a WebSocket (RFC 9220); gives the stream, whose head and data the handler gets. */
    QuicStreamChannel askForWebSocket(String path, Http3RequestStreamInboundHandler handler) throws Exception {
        QuicStreamChannel stream = Http3.newRequestStream(connection, handler).sync().getNow();
        Http3HeadersFrame head = new DefaultHttp3HeadersFrame();
        head.headers().method("CONNECT").path(path).authority("127.0.0.1:" + port).scheme("https");
        head.headers().add(":protocol", "websocket").add("sec-websocket-version", "13");
        stream.writeAndFlush(head).sync();
        return stream;
    }

    private static final class Reader extends Http3RequestStreamInboundHandler {

        private final CompletableFuture<Answer> answer;
        private final List<Map<String, String>> heads = new ArrayList<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Reader(CompletableFuture<Answer> answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
            Map<String, String> fields = new TreeMap<>();
            frame.headers().forEach(field -> fields.put(field.getKey().toString(), field.getValue().toString()));
            heads.add(fields);
        }

        @Override
        protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
            body.writeBytes(ByteBufUtil.getBytes(frame.content()));
            frame.release();
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext context) {
            Map<String, String> head = heads.isEmpty() ? Map.of() : heads.getFirst();
            answer.complete(new Answer(head.getOrDefault(":status", "none"), head, body.toByteArray(),
                    heads.size() > 1 ? heads.getLast() : Map.of()));
            context.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            answer.completeExceptionally(cause);
        }
    }

    @Override
    public void close() {
        connection.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        socket.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
