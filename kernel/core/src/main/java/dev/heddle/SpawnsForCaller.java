package dev.heddle;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The mark of a top-level class that spawns tasks on behalf of its callers: reports then name the caller's line, not
 * one of this class. Goes for its nested classes too. For libraries on top of Heddle.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface SpawnsForCaller {}
