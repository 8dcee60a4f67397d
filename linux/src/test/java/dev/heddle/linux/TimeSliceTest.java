package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.engine.Engine;
import dev.heddle.engine.EngineProvider;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.NioEngine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The threads of loops with I/O have short slices of the processor, and no others have. */
final class TimeSliceTest {

    private final long usual = TimeSlice.current();

    /** A system that does not know of slices leaves them as they are. */
    private final long wanted = usual == 0 ? 0 : TimeSlice.SHORT_NANOS;

    @BeforeEach
    void itWorksHere() {
        Platform.whyNot().ifPresent(why -> assumeTrue(false, why));
    }

    private static List<Supplier<Engine>> engines() {
        List<EngineProvider> linux = List.of(new EpollProvider(), new UringProvider());
        List<Supplier<Engine>> working = new java.util.ArrayList<>(List.of(NioEngine::new));
        linux.stream().filter(each -> each.whyNot().isEmpty()).forEach(each -> working.add(each::create));
        return working;
    }

    private static void listen() {
        try {
            Heddle.currentLoop().engine()
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ListenOptions.DEFAULT).close();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void threadOfALoopWithListenersHasAShortSlice() {
        for (Supplier<Engine> engine : engines()) {
            Heddle.run(Config.DEFAULT.withEngine(engine), () -> {
                assertEquals(usual, TimeSlice.current(), "nobody waits for a loop without I/O");
                listen();
                assertEquals(wanted, TimeSlice.current(), () -> Heddle.currentLoop().engine().name());
            });
        }
        assertEquals(usual, TimeSlice.current(), "the caller's own thread is left alone");
    }

    @Test
    void threadsThatItStartsHaveTheUsualSlice() {
        Heddle.run(() -> {
            listen();
            var inherited = new AtomicLong(-1);
            Thread.ofPlatform().start(() -> inherited.set(TimeSlice.current())).join();
            assertEquals(usual, inherited.get());
            assertEquals(usual, Heddle.<Long>offload(TimeSlice::current));
        });
    }

    @Test
    void threadThatDrivesALoopNowAndThenIsLeftAlone() {
        for (Supplier<Engine> engine : engines()) {
            try (Loop loop = Loop.create(Config.DEFAULT.withEngine(engine))) {
                var listening = loop.spawn(TimeSliceTest::listen);
                while (!listening.isDone()) {
                    loop.step(Duration.ZERO);
                }
                assertEquals(usual, TimeSlice.current());
            }
        }
    }

    @Test
    void sliceThatIsAsShortAlreadyStays() {
        Heddle.run(() -> {
            listen();
            TimeSlice.shortenOfLoop();
            assertEquals(wanted, TimeSlice.current());
            assertEquals(Optional.empty(), new TimeSlice().whyNot());
        });
    }
}
