package dev.heddle.internal;

/** The mark of a thread that a loop has for itself; one that is a guest's does other things as well. */
public interface OwnThread {}
