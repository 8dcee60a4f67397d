package dev.heddle.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;

/**
 * The most time that one test of a suite may take: a wake-up that is lost fails the test that waits for it, by name. The
 * test runs in a thread of its own, since a loop that waits for ever may not hear of an interrupt. A subclass that needs
 * longer says so by a {@link Timeout} of its own.
 */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Timeout(value = TestLimit.MAX_TEST_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@interface TestLimit {

    /** Many times what a test takes on a busy machine. */
    int MAX_TEST_SECONDS = 60;
}
