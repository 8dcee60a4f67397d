package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who hears of what. The descriptors are eventfds, which are always writable. */
final class EpollTest {

    private static final int EFD_NONBLOCK = 0x800;

    private final Arena arena = Arena.ofShared();
    private final SystemCalls kernel = new SystemCalls(arena);
    private final List<Integer> heard = new ArrayList<>();
    private Epoll epoll;

    @BeforeEach
    void open() throws IOException {
        epoll = new Epoll(arena, kernel);
    }

    @AfterEach
    void close() {
        epoll.close();
        arena.close();
    }

    private int descriptor() throws IOException {
        return (int) Errno.check(kernel.call(SyscallNumbers.EVENTFD2, 0, EFD_NONBLOCK));
    }

    private Epoll.Registration watch(int descriptor, int flags) throws IOException {
        return epoll.add(descriptor, Epoll.EPOLLOUT | flags, events -> heard.add(descriptor));
    }

    private void free(int... descriptors) {
        for (int descriptor : descriptors) {
            kernel.call(SyscallNumbers.CLOSE, descriptor);
        }
    }

    @Test
    void edgeIsToldOnceALevelAgainAndAgain() throws IOException {
        int edge = descriptor();
        int level = descriptor();
        watch(edge, Epoll.EPOLLET);
        watch(level, 0);

        epoll.await(0);
        assertEquals(List.of(edge, level), heard);
        epoll.await(0);
        assertEquals(List.of(edge, level, level), heard);
        free(edge, level);
    }

    @Test
    void eventOfAClosedRegistrationGoesToNobody() throws IOException {
        int first = descriptor();
        int second = descriptor();
        Epoll.Registration[] other = new Epoll.Registration[1];
        // Both are ready in one wait; whoever hears first closes the other, whose event is queued already.
        Epoll.Registration one = epoll.add(first, Epoll.EPOLLOUT, events -> {
            heard.add(first);
            epoll.forget(other[0]);
        });
        other[0] = epoll.add(second, Epoll.EPOLLOUT, events -> {
            heard.add(second);
            epoll.forget(one);
        });

        epoll.await(0);

        assertEquals(1, heard.size());
        free(first, second);
    }

    @Test
    void placeThatIsUsedAgainHearsNothingOfItsLastOwner() throws IOException {
        int first = descriptor();
        int second = descriptor();
        int third = descriptor();
        Epoll.Registration[] both = new Epoll.Registration[2];
        boolean[] done = new boolean[1];
        for (int i = 0; i < 2; i++) {
            int mine = i;
            both[i] = epoll.add(i == 0 ? first : second, Epoll.EPOLLOUT, events -> {
                if (!done[0]) {
                    done[0] = true;
                    epoll.remove(both[1 - mine]);
                    try {
                        // Takes the place that has just become free.
                        epoll.add(third, 0, unwanted -> heard.add(third));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                } else {
                    heard.add(mine);
                }
            });
        }

        epoll.await(0);

        assertTrue(heard.isEmpty(), "a queued event went to another: " + heard);
        free(first, second, third);
    }

    @Test
    void whatIsThereWhenTheWatchBeginsIsToldByAnEdgeToo() throws IOException {
        int descriptor = descriptor();
        Epoll.Registration held = epoll.hold(descriptor, events -> heard.add(descriptor));
        epoll.await(0);
        assertEquals(List.of(), heard);

        epoll.watch(held, Epoll.EPOLLOUT | Epoll.EPOLLET);

        epoll.await(0);
        assertEquals(List.of(descriptor), heard);
        free(descriptor);
    }

    @Test
    void descriptorOfWhatWasOnlyHeldCanBeWatchedByAnother() throws IOException {
        int descriptor = descriptor();
        Epoll.Registration held = epoll.hold(descriptor, events -> heard.add(-1));
        epoll.forget(held);
        free(descriptor);
        int again = descriptor();
        assertEquals(descriptor, again);

        watch(again, Epoll.EPOLLET);

        epoll.await(0);
        assertEquals(List.of(again), heard);
        free(again);
    }

    @Test
    void watchingTwiceIsRefused() throws IOException {
        int descriptor = descriptor();
        watch(descriptor, 0);
        assertThrows(IllegalStateException.class, () -> watch(descriptor, 0));
        free(descriptor);
    }

    @Test
    void whatCannotBeWatchedIsRefusedWithTheReasonOfTheSystem() {
        assertEquals(
                "Bad file descriptor",
                assertThrows(IOException.class, () -> watch(1_000_000, 0)).getMessage());
    }

    @Test
    void oneThousandThatAreReadyAreToldInBoundedBatches() throws IOException {
        int[] many = new int[1_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = descriptor();
            watch(many[i], Epoll.EPOLLET);
        }
        epoll.await(0);
        assertEquals(256, heard.size());
        for (int i = 0; i < 3; i++) {
            epoll.await(0);
        }
        assertEquals(1_000, heard.stream().distinct().count());
        free(many);
    }
}
