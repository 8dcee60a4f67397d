package dev.heddle.bench;

import static dev.heddle.Heddle.map;

import dev.heddle.Loop;
import dev.heddle.net.Resolver;
import dev.heddle.net.ResolverOptions;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;

/** Heddle's resolver on a loop of its own, as the guide has it. */
final class HeddleNames implements NameClient {

    private final Loop loop = Loop.start(Loops.PATIENT);
    private final Resolver resolver;

    HeddleNames(InetSocketAddress server) {
        resolver = loop.spawn(() -> Resolver.of(ResolverOptions.of(server).withIpv6(false))).join();
    }

    @Override
    public Answered ask(Names names) {
        List<Integer> numbers = IntStream.range(0, names.count()).boxed().toList();
        return loop.spawn(() -> {
            var times = new NameTimes(names.count());
            map(numbers, AT_ONCE, number -> {
                long start = System.nanoTime();
                var found = resolver.resolve(names.name(number));
                times.add(number, start);
                return found;
            });
            return times.done();
        }).join();
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }

    @Override
    public void close() {
        loop.close();
    }
}
