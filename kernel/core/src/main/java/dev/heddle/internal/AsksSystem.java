package dev.heddle.internal;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The permit of a class to ask the system for time, randomness or names, which come from the engine elsewhere: the build
 * refuses what {@code build/forbidden.txt} lists.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface AsksSystem {

    /** Why it does not ask the engine. */
    String value();
}
