package dev.heddle.bench;

import com.sun.net.httpserver.HttpExchange;
import dev.heddle.Loop;
import dev.heddle.Waiter;
import dev.heddle.engine.ListenOptions;
import dev.heddle.http.server.Compression;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/**
 * The main program of a server in a JVM that answers each request with a JSON document, compressed anew; it does as
 * {@link EchoMain} does.
 */
final class PackMain {

    static final String PATH = "/records";

    /** The default of all but nginx. */
    static final int LEVEL = 6;

    private static final int BUFFER_BYTES = 8 * 1024;

    private PackMain() {}

    /** Takes the kind of the server, a mode that nobody looks at, and the file with the document. */
    public static void main(String[] args) throws IOException {
        EchoMain.serve(start(args[0], Files.readAllBytes(Path.of(args[2]))));
    }

    private static EchoMain.Ready start(String kind, byte[] document) throws IOException {
        return switch (kind) {
            case "heddle" -> heddle(document);
            case "netty-epoll" -> NettyServer.start(kind, channel -> channel.pipeline()
                    .addLast(new HttpServerCodec(), new HttpContentCompressor(), new NettyPage(document)));
            case "vertx" -> vertx(document);
            case "jdk" -> jdk(document);
            default -> throw new IllegalArgumentException("no server is named " + kind);
        };
    }

    private static EchoMain.Ready heddle(byte[] document) {
        HttpServer server = HttpServer.builder()
                .limits(ServerLimits.DEFAULT.withMaxRequests(Integer.MAX_VALUE))
                .use(Compression.DEFAULT.withLevel(LEVEL))
                .get(PATH, request -> Response.bytes(Site.JSON_TYPE, document))
                .build();
        var port = new CompletableFuture<Integer>();
        Loop loop = Loop.start(Loops.PATIENT);
        loop.spawn(() -> {
            server.start("127.0.0.1", 0, ListenOptions.DEFAULT.withBacklog(EchoMain.BACKLOG));
            port.complete(server.port());
            // The server lives as long as this task.
            new Waiter("the end of the process").await();
        });
        return new EchoMain.Ready(port.join(), loop.engine().name());
    }

    private static EchoMain.Ready vertx(byte[] document) {
        HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setPort(0)
                .setAcceptBacklog(EchoMain.BACKLOG).setCompressionSupported(true).setCompressionLevel(LEVEL);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        Buffer body = Buffer.buffer(document);
        int port = vertx.createHttpServer(options)
                .requestHandler(request -> request.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, Site.JSON_TYPE)
                        .end(body))
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        return new EchoMain.Ready(port, vertx.isNativeTransportEnabled() ? "vertx-native" : "vertx-nio");
    }

    private static EchoMain.Ready jdk(byte[] document) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var server = com.sun.net.httpserver.HttpServer.create(address, EchoMain.BACKLOG);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(PATH, exchange -> answer(exchange, document));
        server.start();
        return new EchoMain.Ready(server.getAddress().getPort(), "jdk");
    }

    private static void answer(HttpExchange exchange, byte[] document) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", Site.JSON_TYPE);
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = new AtLevel(exchange.getResponseBody())) {
            out.write(document);
        }
    }

    /** The level is no argument of the constructor. */
    private static final class AtLevel extends GZIPOutputStream {

        private AtLevel(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(LEVEL);
        }
    }

    /** Answers each request. */
    @SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the connection.
    @ChannelHandler.Sharable
    private static final class NettyPage extends SimpleChannelInboundHandler<HttpObject> {

        private final byte[] document;

        private NettyPage(byte[] document) {
            this.document = document;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message instanceof HttpRequest) {
                FullHttpResponse response = new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(document));
                response.headers()
                        .set(HttpHeaderNames.CONTENT_TYPE, Site.JSON_TYPE)
                        .setInt(HttpHeaderNames.CONTENT_LENGTH, document.length);
                context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
