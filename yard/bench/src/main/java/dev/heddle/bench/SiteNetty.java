package dev.heddle.bench;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The site by Netty, on one event loop. */
final class SiteNetty {

    private static final AsciiString TEXT_TYPE = AsciiString.cached(Site.TEXT_TYPE);
    private static final AsciiString JSON_TYPE = AsciiString.cached(Site.JSON_TYPE);
    private static final AsciiString LARGE_TYPE = AsciiString.cached(Site.LARGE_TYPE);
    private static final byte[] TEXT = Site.text();
    private static final byte[] LARGE = Site.large();
    private static final int MAX_BYTES_OF_A_HANDSHAKE = 64 * 1024;

    private SiteNetty() {}

    /**
     * @param kind netty- and the name of the transport
     */
    static EchoMain.Ready start(String kind, SiteMode mode) throws IOException, GeneralSecurityException {
        if (mode == SiteMode.WEB_SOCKET) {
            return NettyServer.start(kind, channel -> channel.pipeline()
                    .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(MAX_BYTES_OF_A_HANDSHAKE),
                            new WebSocketServerProtocolHandler(Site.ECHO_PATH),
                            new Echo()));
        }
        var date = new Date();
        Consumer<Channel> tls = mode == SiteMode.TLS ? NettyServer.tls() : channel -> {};
        return NettyServer.start(kind, tls.andThen(channel -> {
            date.keep(channel);
            channel.pipeline().addLast(new HttpServerCodec(), new Pages(date));
        }));
    }

    /**
     * Writes each message back, and flushes once for all that came in one turn. A write that fails comes to
     * exceptionCaught.
     */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            // Control frames have been dealt with; what is written is released there.
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

    /** Belongs to the one event loop. */
    private static final class Date {

        private CharSequence text = "";

        /** Begins, with the first connection, to follow the time. */
        @SuppressWarnings("FutureReturnValueIgnored") // It ends with the process.
        void keep(Channel channel) {
            if (text.isEmpty()) {
                update();
                channel.eventLoop().scheduleAtFixedRate(this::update, 1, 1, TimeUnit.SECONDS);
            }
        }

        private void update() {
            text = new AsciiString(Site.date());
        }
    }

    /**
     * Writes each answer, and flushes once for all that came in one turn. A write that fails comes to exceptionCaught.
     */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static final class Pages extends ChannelInboundHandlerAdapter {

        private final Date date;

        private Pages(Date date) {
            this.date = date;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof HttpRequest request) {
                    answer(context, request);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void answer(ChannelHandlerContext context, HttpRequest request) {
            FullHttpResponse response = switch (request.uri()) {
                case Site.TEXT_PATH -> response(TEXT, TEXT_TYPE);
                case Site.JSON_PATH -> response(
                        Site.json(new Site.Greeting(Site.TEXT)).getBytes(StandardCharsets.UTF_8), JSON_TYPE);
                case Site.LARGE_PATH -> response(LARGE, LARGE_TYPE);
                default -> new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_FOUND);
            };
            if (HttpUtil.isKeepAlive(request)) {
                context.write(response, context.voidPromise());
            } else {
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
                context.write(response).addListener(ChannelFutureListener.CLOSE);
            }
        }

        private FullHttpResponse response(byte[] body, AsciiString type) {
            var response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(body));
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, type)
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length)
                    .set(HttpHeaderNames.DATE, date.text);
            return response;
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
