package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.engine.Engines;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** System calls that fail now and then, as strace(1) has them fail in another process. */
@Tag("full")
final class FailingCallsTest {

    private static final int TRANSFERS = 12;

    @BeforeAll
    static void tracingIsAllowed() throws Exception {
        try (Program traced = Program.start(
                List.of(Program.find("strace"), "-qq", "-o", "/dev/null", "/bin/true"), new byte[0])) {
            assumeTrue(Heddle.run(() -> Heddle.offload(traced::exitCode)) == 0, "tracing is forbidden here");
        }
    }

    /** The call had not begun, or nothing is lost but a moment. */
    @ParameterizedTest
    @CsvSource({
            "nio,      epoll_wait=EINTR accept=ECONNABORTED",
            "nio,      accept=EMFILE",
            "epoll,    epoll_pwait=EINTR epoll_pwait2=EINTR accept4=ECONNABORTED recvfrom=EINTR sendto=EINTR",
            "epoll,    accept4=EMFILE",
            "epoll,    accept4=ENOMEM",
            "io_uring, io_uring_enter=EINTR accept4=ECONNABORTED sendto=EINTR",
            "io_uring, io_uring_enter=EAGAIN accept4=EMFILE",
            "io_uring, io_uring_enter=EBUSY accept4=ENOBUFS"})
    void transientFailureIsNotNoticed(String engine, String failures) throws Exception {
        assertEquals(TRANSFERS + " right, 0 broken\n", run(engine, failures));
    }

    /** The kernel is short of memory: to go on and to give up are both right, to hang and to lose bytes are not. */
    @ParameterizedTest
    @CsvSource({
            "epoll,    recvfrom=ENOMEM sendto=ENOBUFS",
            "io_uring, sendto=ENOBUFS"})
    void withoutMemoryATransferIsRightOrBroken(String engine, String failures) throws Exception {
        String result = run(engine, failures);
        assertTrue(result.matches("\\d+ right, \\d+ broken\n"), result);
    }

    /** To try again when there is room is the caller's business; it finds all as it was. */
    @ParameterizedTest
    @CsvSource({
            "epoll,    epoll_create1=EMFILE",
            "epoll,    eventfd2=EMFILE",
            "epoll,    epoll_ctl=ENOMEM",
            "io_uring, io_uring_register=ENOMEM",
            "io_uring, eventfd2=EMFILE"})
    void engineThatCannotBeOpenedSaysSoAndLeavesNothing(String engine, String failure) throws Exception {
        assertEquals("20 failed, nothing is left\n", run(engine, failure, "1+", OpeningChild.class, 20));
    }

    /** More entries than the ring has room for, and each second submission comes to nothing. */
    @ParameterizedTest
    @CsvSource("io_uring, io_uring_enter=EAGAIN")
    void whatTheKernelDoesNotTakeIsKept(String engine, String failure) throws Exception {
        assertEquals("all are closed\n", run(engine, failure, "2+2", ClosingChild.class, 1_500));
    }

    /** Every fifth call fails, the first ones not. */
    private static String run(String engine, String failures) throws Exception {
        return run(engine, failures, "3+5", EchoChild.class, TRANSFERS);
    }

    private static String run(String engine, String failures, String when, Class<?> main, int times)
            throws Exception {
        assumeTrue(
                Engines.offers()
                        .stream()
                        .anyMatch(offer -> offer.name().equals(engine) && offer.whyNot().isEmpty()),
                engine + " cannot work here");
        List<String> strace = new ArrayList<>(
                List.of(Program.find("strace"), "--seccomp-bpf", "-f", "-qq", "-o", "/dev/null"));
        List<String> calls = new ArrayList<>();
        for (String failure : failures.split(" ")) {
            String[] callAndError = failure.split("=");
            calls.add(callAndError[0]);
            strace.addAll(List.of("-e", "inject=" + callAndError[0] + ":error=" + callAndError[1] + ":when=" + when));
        }
        strace.addAll(List.of("-e", "trace=" + String.join(",", calls)));
        try (Program child = ChildJvm.start(strace, main, engine, Integer.toString(times))) {
            return Heddle.run(() -> text(child.output()));
        }
    }
}
