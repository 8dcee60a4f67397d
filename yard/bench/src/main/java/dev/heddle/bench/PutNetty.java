package dev.heddle.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server that takes bodies by Netty, on one event loop, on which it hashes and writes files as well. */
final class PutNetty {

    private static final int LINE_BYTES = 4096;
    private static final int HEAD_BYTES = 8192;

    private PutNetty() {}

    /**
     * @param kind netty- and the name of the transport
     */
    static EchoMain.Ready start(String kind, SiteMode mode, Path files) throws IOException, GeneralSecurityException {
        Consumer<Channel> tls = mode == SiteMode.TLS ? NettyServer.tls() : channel -> {};
        return NettyServer.start(kind, tls.andThen(channel -> channel.pipeline()
                .addLast(new HttpServerCodec(LINE_BYTES, HEAD_BYTES, PutMain.BUFFER_BYTES), new Taker(files))));
    }

    /** What becomes of a body. */
    private interface Sink {

        void take(ByteBuf bytes) throws IOException;

        /** The text of the answer. */
        String end() throws IOException;
    }

    /** Takes one body after the other. */
    @SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the connection.
    private static final class Taker extends SimpleChannelInboundHandler<HttpObject> {

        private final Path files;
        private @Nullable Sink sink;

        private Taker(Path files) {
            this.files = files;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message)
                throws IOException, GeneralSecurityException {
            if (message instanceof HttpRequest request) {
                sink = sink(request.uri());
            }
            if (sink != null && message instanceof HttpContent content) {
                sink.take(content.content());
                if (content instanceof LastHttpContent) {
                    answer(context, sink.end());
                    sink = null;
                }
            }
        }

        private Sink sink(String path) throws IOException, GeneralSecurityException {
            if (path.startsWith(PutMain.DISCARD_PATH)) {
                return new Counting();
            }
            return path.startsWith(PutMain.HASH_PATH)
                    ? new Hashing(MessageDigest.getInstance(PutMain.DIGEST))
                    : new Saving(FileChannel.open(files.resolve(PutMain.name(path)), StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING));
        }

        private static void answer(ChannelHandlerContext context, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            FullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(bytes));
            response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
            context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private static final class Counting implements Sink {

        private long total;

        @Override
        public void take(ByteBuf bytes) {
            total += bytes.readableBytes();
        }

        @Override
        public String end() {
            return Long.toString(total);
        }
    }

    private record Hashing(MessageDigest digest) implements Sink {

        @Override
        public void take(ByteBuf bytes) {
            digest.update(bytes.nioBuffer());
        }

        @Override
        public String end() {
            return PutMain.hex(digest.digest());
        }
    }

    private record Saving(FileChannel file) implements Sink {

        @Override
        public void take(ByteBuf bytes) throws IOException {
            while (bytes.isReadable()) {
                bytes.readBytes(file, bytes.readableBytes());
            }
        }

        @Override
        public String end() throws IOException {
            file.close();
            return "";
        }
    }
}
