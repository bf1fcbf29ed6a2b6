static inline __attribute__((always_inline)) int price(int *item) {
  return *item * 2;
}

__attribute__((noinline)) int total(int *items, int count) {
  int sum = 0;
  for (int at = 0; at < count; at++)
    sum += price(items + at);
  return sum;
}

int checkout(int *items) {
  int sum = total(items, 3);
  return sum + 1;
}
