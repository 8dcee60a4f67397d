package dev.heddle.conformance;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The check that fails a test which leaves a descriptor open, and a test class which leaves direct buffers behind:
 * sockets, pipes, selectors, memory. Those who see only into one loop use {@link LeftoverCheck#check} besides.
 *
 * <pre>{@code
 * @LeavesNothing
 * final class MyClientTest { ... }
 * }</pre>
 *
 * <p>Both are counted for the whole process, so tests must run one after another, as JUnit does by default; what ends a
 * little later is waited for. What the JDK keeps open from its first use on, such as jars and its own pollers, does not
 * count. Where the system does not tell the count of descriptors, these are not checked.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LeavesNothingExtension.class)
public @interface LeavesNothing {}
