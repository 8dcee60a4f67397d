package dev.heddle.bench;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.function.Consumer;

/** Netty's echo server. */
final class EchoNetty {

    private EchoNetty() {}

    /**
     * @param kind netty- and the name of the transport
     */
    static EchoMain.Ready start(String kind) {
        return NettyServer.start(kind, EchoNetty::addEcho);
    }

    /**
     * With TLS.
     *
     * @param kind netty-, the name of the transport and that ending
     */
    static EchoMain.Ready startTls(String kind) throws IOException, GeneralSecurityException {
        Consumer<Channel> tls = NettyServer.tls();
        return NettyServer.start(
                kind.substring(0, kind.length() - EchoMain.TLS.length()),
                tls.andThen(EchoNetty::addEcho));
    }

    private static void addEcho(Channel channel) {
        channel.pipeline().addLast(new Echo());
    }

    /**
     * Writes each piece, and flushes once for all that came in one turn. A write that fails comes to exceptionCaught.
     */
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
