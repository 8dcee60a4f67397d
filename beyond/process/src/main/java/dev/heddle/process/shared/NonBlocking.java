package dev.heddle.process.shared;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The mark of a method of a shared object that is done as soon as its manager gets to it. So a cancel does not end the
 * call: what releases something must also work while the caller is cancelled.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface NonBlocking {}
