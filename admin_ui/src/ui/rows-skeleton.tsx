import { Skeleton, Stack } from '@mantine/core';

export function RowsSkeleton() {
  return (
    <Stack gap={34} pt={18} aria-hidden="true">
      {[62, 48, 71, 55, 66, 44].map((width) => (
        <div key={width}>
          <Skeleton height={18} width={`${width}%`} />
          <Skeleton height={12} width="28%" mt={10} />
        </div>
      ))}
    </Stack>
  );
}
