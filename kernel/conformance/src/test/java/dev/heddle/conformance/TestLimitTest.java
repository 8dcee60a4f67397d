package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.commons.support.AnnotationSupport;

/** A suite bounds its tests by itself, so a wake-up that is lost fails one by name wherever the suite is inherited. */
final class TestLimitTest {

    @Test
    void whoInheritsASuiteInheritsItsLimit() {
        List<Class<?>> inheritors = List.of(
                MemoryTransportTest.class, NioTcpTest.class, NioUnixTest.class, NioEngineTest.class, NioUdpTest.class,
                NioPollerTest.class, NioSubprocessTest.class, NioFaultyTcpTest.class, MemoryStoreTest.class);
        for (Class<?> each : inheritors) {
            Timeout limit = AnnotationSupport.findAnnotation(each, Timeout.class).orElseThrow();

            assertEquals(TestLimit.MAX_TEST_SECONDS, limit.value(), each::getName);
            assertEquals(TimeUnit.SECONDS, limit.unit());
            // A loop that waits for ever is not interrupted out of it.
            assertEquals(Timeout.ThreadMode.SEPARATE_THREAD, limit.threadMode());
        }
    }
}
