package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The bell that other threads ring. */
final class EventFdTest {

    @Test
    void ringAfterClosingWritesToNobodysDescriptor() throws Exception {
        try (Arena arena = Arena.ofShared()) {
            SystemCalls kernel = new SystemCalls(arena);
            for (int round = 0; round < 200; round++) {
                EventFd bell = new EventFd(kernel);
                Thread ringer = Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 50; i++) {
                        bell.ring();
                    }
                });
                bell.close(kernel);
                // Takes the number over at once; a late ring would add to its count.
                int other = (int) Errno.check(kernel.call(SyscallNumbers.EVENTFD2, 0, 0x800));
                ringer.join();
                bell.ring();

                assertEquals(-Errno.EAGAIN, kernel.call(SyscallNumbers.READ, other, arena.allocate(8).address(), 8));
                kernel.call(SyscallNumbers.CLOSE, other);
            }
        }
    }

    @Test
    void eachRingIsAnEdge() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            SystemCalls kernel = new SystemCalls(arena);
            Epoll epoll = new Epoll(arena, kernel);
            EventFd bell = new EventFd(kernel);
            AtomicInteger heard = new AtomicInteger();
            epoll.add(bell.descriptor(), Epoll.EPOLLIN | Epoll.EPOLLET, events -> heard.incrementAndGet());
            epoll.await(0);
            for (int i = 1; i <= 10; i++) {
                bell.ring();
                epoll.await(0);
                assertEquals(i, heard.get());
            }
            bell.close(kernel);
            bell.close(kernel);
            epoll.close();
        }
    }
}
