package dev.heddle.bench;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Netty's resolver on one event loop, with its defaults for time and tries, without its caches, since no name comes
 * twice. With one server it asks once: a look-up that has timed out is begun again.
 */
final class NettyNames implements NameClient {

    private final EventLoop loop;
    private final DnsNameResolver resolver;

    private NettyNames(IoHandlerFactory handler, Class<? extends DatagramChannel> channel, InetSocketAddress server) {
        loop = new MultiThreadIoEventLoopGroup(1, handler).next();
        resolver = new DnsNameResolverBuilder(loop)
                .datagramChannelType(channel)
                .nameServerProvider(new SingletonDnsServerAddressStreamProvider(server))
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_ONLY)
                .resolveCache(NoopDnsCache.INSTANCE)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                .build();
    }

    static NettyNames onNio(InetSocketAddress server) {
        return new NettyNames(NioIoHandler.newFactory(), NioDatagramChannel.class, server);
    }

    static NettyNames onEpoll(InetSocketAddress server) {
        return new NettyNames(EpollIoHandler.newFactory(), EpollDatagramChannel.class, server);
    }

    @Override
    public Answered ask(Names names) {
        var round = new Round(names);
        loop.execute(round::begin);
        return round.end.join();
    }

    /** One round; all of it on the event loop. */
    private final class Round {

        private final Names names;
        private final NameTimes times;
        private final CompletableFuture<Answered> end = new CompletableFuture<>();
        private int next;
        private int done;

        Round(Names names) {
            this.names = names;
            this.times = new NameTimes(names.count());
        }

        void begin() {
            for (int i = 0; i < AT_ONCE; i++) {
                askNext();
            }
        }

        private void askNext() {
            if (next < names.count()) {
                int index = next++;
                ask(index, System.nanoTime());
            }
        }

        private void ask(int index, long start) {
            resolver.resolveAll(names.name(index)).addListener(answer -> {
                if (answer.isSuccess()) {
                    times.add(index, start);
                    done++;
                    if (done == names.count()) {
                        end.complete(times.done());
                    } else {
                        askNext();
                    }
                } else if (answer.cause().getCause() instanceof DnsNameResolverTimeoutException) {
                    ask(index, start);
                } else {
                    end.completeExceptionally(answer.cause());
                }
            });
        }
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }

    @Override
    public void close() {
        resolver.close();
        loop.parent().shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
