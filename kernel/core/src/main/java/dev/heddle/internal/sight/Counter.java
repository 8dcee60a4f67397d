package dev.heddle.internal.sight;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The mark of a figure that counts what has happened: it never falls while its thing lives, so it is a counter for
 * metrics, and those of several things can be added up. Other figures are gauges.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Counter {}
